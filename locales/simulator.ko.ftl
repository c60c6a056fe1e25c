### The practice provider.

sim-name = 연습용 카카오
sim-banner = 연습용 카카오 — 실제 로그인이 아닙니다
sim-foot = 이 컴퓨터 안에서만 열리는 연습 화면이에요. 진짜 카카오와 아무것도 주고받지 않고, 끄면 모두 잊어버려요.
sim-to-site = 연습 사이트로 가기

## Front page

sim-index-title = 카카오 로그인을 연습하는 곳
sim-index-text = 카카오 대신 답해 주는 연습용 서버예요. 비밀번호는 없어요. 사이트에서 카카오 로그인을 누르면 이곳으로 와서, 아래 사람들 가운데 누가 될지 고를 수 있어요.
sim-index-people = 될 수 있는 사람들
sim-index-programs = 프로그램이 읽는 주소
sim-index-programs-text = 인증 서버와 API 서버를 이 주소 하나가 함께 맡아요.

## Who do you want to be?

sim-people-title = 누구로 로그인할까요?
sim-people-text = 모두 지어낸 사람들이에요. 한 명을 고르면 그 사람의 카카오계정으로 로그인한 것처럼 이어져요.
sim-people-always = 진짜 카카오는 이미 로그인한 사람에게 다시 묻지 않아요. 여기서는 연습할 수 있게 매번 물어봐요. 이미 동의한 사람을 고르면 동의 화면 없이 바로 돌아가요.
sim-tag-here = 이 브라우저에서 로그인함
sim-tag-linked = 연결됨
sim-note-ordinary = 평범한 사람. 이메일이 확인됐어요
sim-note-admin = 이 연습 사이트의 관리자가 되는 사람
sim-note-no-email = 카카오계정에 이메일이 없어요
sim-note-unverified = 이메일을 확인받지 않았어요
sim-note-masked = 이메일을 다른 계정이 가져가서 가려진 채로 와요
sim-note-default-picture = 프로필 사진이 기본 이미지예요
sim-note-bare = 회원번호 말고는 아무것도 오지 않아요
sim-note-long-id = 회원번호가 19자리예요
sim-note-emoji = 이름에 이모지와 U+0000이 있어요
sim-note-under-14 = 14세 미만이라 로그인이 거절돼요

## Do you agree?

sim-consent-title = 아래 정보를 사이트에 보낼까요?
sim-consent-required = 필수 동의 항목
sim-consent-optional = 선택 동의 항목
sim-consent-ticked = 연습하기 편하게 미리 골라 두었어요. 진짜 카카오에서는 비어 있어요. 빼고 싶은 것은 눌러서 빼 주세요.
sim-consent-nothing = 새로 동의할 항목은 없어요. 사이트와 연결만 해요.
sim-item-nickname = 닉네임
sim-item-picture = 프로필 사진
sim-item-email = 카카오계정(이메일)
sim-item-other = 사이트가 따로 요청한 정보
sim-agree = 동의하고 계속하기
sim-cancel = 취소

## Log out

sim-logout-title = 어디에서 로그아웃할까요?
sim-logout-text = 사이트에서는 이미 로그아웃했어요. 연습용 카카오계정에서도 로그아웃할 수 있어요.
sim-logout-service = 이 서비스만 로그아웃
sim-logout-account = 카카오계정도 함께 로그아웃

## Refusals

sim-refusal-title = 잘못된 요청
sim-refusal-unheard = 진짜 카카오도 이런 오류는 자기 화면에만 보여 주고, 사이트에는 알려 주지 않아요.
sim-koe006 = 등록하지 않은 Redirect URI로 돌아가려고 했어요. 카카오 디벨로퍼스의 앱 설정에 아래 주소를 글자 하나까지 똑같이 등록해야 해요.
sim-koe007 = 등록하지 않은 로그아웃 Redirect URI예요. 앱 설정에 아래 주소를 등록해야 해요.
sim-koe008 = 로그인에 쓸 수 없는 종류의 앱 키예요. REST API 키를 써야 해요.
sim-koe101 = 없는 앱 키예요. client_id가 REST API 키와 같은지 확인해 주세요.
sim-koe201 = 지원하지 않는 response_type이에요. code만 쓸 수 있어요.
sim-koe202 = response_type=token은 쓸 수 없어요. code를 써야 해요.
sim-koe205 = 설정하지 않은 카카오 로그인 동의 항목을 포함해 인가 코드를 요청했어요. 설정하지 않은 항목은 아래와 같아요.
sim-koe207 = 꼭 있어야 하는 값이 빠졌어요.
sim-koe-other = 요청에 쓸 수 없는 값이 들어 있어요.
sim-over-title = 이 로그인은 끝났어요
sim-over-text = 시작한 지 30분이 지났거나, 연습용 카카오가 다시 켜졌어요. 사이트에서 로그인을 다시 시작해 주세요.
sim-nothing-title = 없는 주소예요
sim-nothing-text = 연습용 카카오에는 이 주소가 없어요.

## 날씨

sim-weather-link = 장애 연습하기
sim-weather-link-text = 카카오가 느리거나, 멈추거나, 이상한 답을 할 때 사이트가 어떻게 하는지 볼 수 있어요.
sim-weather-title = 장애 연습
sim-weather-text = 주소마다 무엇이 잘못될지 고른 다음 사이트에서 로그인해 보세요. 사이트는 누구 차례인지 알려 주는 페이지를 보여야 하고, 아무도 로그인되면 안 돼요.
sim-weather-stormy = 지금은 잘못되게 해 둔 것이 있어요.
sim-weather-clear-now = 지금은 모두 정상이에요.
sim-weather-authorize = 로그인 화면
sim-weather-token = 토큰 받기
sim-weather-keys = ID 토큰의 공개 키
sim-weather-profile = 사용자 정보
sim-weather-token-info = 토큰 정보
sim-weather-fair = 정상
sim-weather-closed = 답하지 않고 연결을 끊음
sim-weather-silent = 1분 동안 침묵
sim-weather-slow = 5초 뒤에 바른 답
sim-weather-trickle = 1초에 한 바이트씩
sim-weather-html = 200으로 온 웹 페이지
sim-weather-truncated = 반만 온 JSON
sim-weather-wrong-types = 형식이 다른 값
sim-weather-huge = 10 MiB
sim-weather-redirect = 다른 호스트로 넘김
sim-weather-mislabelled = 그림이라고 적힌 바른 답
sim-weather-compressed = 부탁하지 않은 압축
sim-weather-cut = 도중에 끊김
sim-weather-clock = ID 토큰을 쓰는 시계
sim-weather-clock-right = 맞음
sim-weather-clock-ahead = 10분 빠름
sim-weather-clock-behind = 10분 느림
sim-weather-once = 다음 한 번만
sim-weather-set = 이렇게 하기
sim-weather-clear = 모두 정상으로
