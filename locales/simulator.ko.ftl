### The practice providers.

sim-name = 연습용 { $name }
sim-banner = 연습용 { $name } — 실제 로그인이 아닙니다
sim-foot = 이 컴퓨터 안에서만 열리는 연습 화면이에요. 진짜 { $name } 서버와는 아무것도 주고받지 않고, 끄면 모두 잊어버려요.
sim-to-site = 연습 사이트로 가기

## Front page

sim-index-title = 로그인을 연습하는 곳
sim-index-text = 카카오, 네이버, Google, GitHub, Apple, LINE과 따로 만든 OpenID 제공자 대신 답해 주는 연습용 서버예요. 비밀번호는 없어요. 사이트에서 로그인 버튼을 누르면 이곳으로 와서, 아래 사람들 가운데 누가 될지 고를 수 있어요.
sim-index-people = 될 수 있는 사람들
sim-index-programs = 프로그램이 읽는 주소
sim-index-programs-text = 카카오는 이 주소의 맨 위에 있고, 다른 제공자는 저마다의 경로 아래에 있어요. 인증 서버와 API 서버를 함께 맡아요.

## Who do you want to be?

sim-people-title = 누구로 로그인할까요?
sim-people-text = 모두 지어낸 사람들이에요. 한 명을 고르면 그 사람의 { $name } 계정으로 로그인한 것처럼 이어져요.
sim-people-always = 진짜 { $name }에서는 이미 로그인한 사람에게 다시 묻지 않아요. 여기서는 연습할 수 있게 매번 물어봐요. 이미 동의한 사람을 고르면 동의 화면 없이 바로 돌아가요.
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
sim-consent-ticked = 연습하기 편하게 미리 골라 두었어요. 진짜 { $name }에서는 비어 있을 수 있어요. 빼고 싶은 것은 눌러서 빼 주세요.
sim-consent-nothing = 새로 동의할 항목은 없어요. 사이트와 연결만 해요.
sim-item-nickname = 닉네임
sim-item-picture = 프로필 사진
sim-item-email = 카카오계정(이메일)
sim-agree = 동의하고 계속하기
sim-cancel = 취소

## Log out

sim-logout-title = 어디에서 로그아웃할까요?
sim-logout-text = 사이트에서는 이미 로그아웃했어요. 연습용 카카오계정에서도 로그아웃할 수 있어요.
sim-logout-service = 이 서비스만 로그아웃
sim-logout-account = 카카오계정도 함께 로그아웃

## Refusals

sim-refusal-title = 잘못된 요청
sim-refusal-unheard = 진짜 { $name }에서도 이런 오류는 자기 화면에만 보여 주고, 사이트에는 알려 주지 않아요.
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
sim-over-text = 시작한 지 30분이 지났거나, 연습용 서버가 다시 켜졌어요. 사이트에서 로그인을 다시 시작해 주세요.
sim-nothing-title = 없는 주소예요
sim-nothing-text = 연습용 서버에는 이 주소가 없어요.

## 날씨

sim-weather-link = 장애 연습하기
sim-weather-link-text = 로그인 제공자가 느리거나, 멈추거나, 이상한 답을 할 때 사이트가 어떻게 하는지 볼 수 있어요.
sim-weather-title = 장애 연습
sim-weather-text = 주소마다 무엇이 잘못될지 고른 다음 사이트에서 로그인해 보세요. 사이트는 누구 차례인지 알려 주는 페이지를 보여야 하고, 아무도 로그인되면 안 돼요.
sim-weather-stormy = 지금은 잘못되게 해 둔 것이 있어요.
sim-weather-clear-now = 지금은 모두 정상이에요.
sim-weather-authorize = 로그인 화면
sim-weather-token = 토큰 받기
sim-weather-keys = ID 토큰의 공개 키
sim-weather-discovery = 자기 소개(discovery)
sim-weather-emails = 이메일 목록
sim-weather-revoke = 연결 끊기
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

sim-weather-providers = 로그인 제공자
sim-weather-id-token = ID 토큰
sim-weather-rotate = 서명 키를 지금 바꾸기

## ID tokens a site must refuse, and one that is right

sim-twist-nonce-wrong = 다른 로그인의 것(nonce)
sim-twist-nonce-missing = nonce가 없음
sim-twist-iss-wrong = 다른 발급자
sim-twist-iss-slash = 발급자 끝에 빗금이 하나 더 있음
sim-twist-iss-missing = 발급자가 없음
sim-twist-aud-wrong = 다른 사이트에 보낸 것
sim-twist-aud-missing = 받을 사이트가 없음
sim-twist-aud-two = 두 사이트에 보냈고 다른 쪽이 받은 것
sim-twist-sub-missing = 누구인지 없음
sim-twist-sub-empty = 누구인지 비어 있음
sim-twist-expired = 기한이 지남
sim-twist-exp-missing = 기한이 없음
sim-twist-iat-missing = 만든 때가 없음
sim-twist-iat-future = 미래에 만든 것
sim-twist-alg-none = 서명이 없다고 적힌 것
sim-twist-public-key = 공개 키를 비밀 키처럼 써서 서명한 것
sim-twist-stranger = 남이 서명한 것
sim-twist-no-signature = 서명을 잘라 낸 것
sim-twist-kid-unknown = 아무도 모르는 키로 서명한 것
sim-twist-crit = 아무도 모르는 필수 머리말이 있음
sim-twist-secevent = ID 토큰이 아니라 알림
sim-twist-aud-list = 바른 것: 받을 사이트가 목록으로 적힘

## Habits

sim-habit-on = 켬
sim-habit-off = 끔
sim-habit-openid = ID 토큰을 줌
sim-habit-callback-issuer = 돌려보낼 때 누구인지 밝힘(iss)
sim-habit-expiring-tokens = 토큰에 기한이 있고 리프레시 토큰을 줌
sim-habit-email = 이메일을 넘겨도 되는 앱
sim-habit-state-again = 토큰을 받을 때 state를 다시 물음
sim-habit-basic-only = 비밀 키를 머리말로만 받음
sim-habit-post-only = 비밀 키를 본문으로만 받음
sim-habit-pkce = PKCE가 없으면 거절함

## Providers

sim-provider-all = 로그인 제공자
sim-provider-kakao = 카카오
sim-provider-naver = 네이버
sim-provider-google = Google
sim-provider-github = GitHub
sim-provider-apple = Apple
sim-provider-line = LINE
sim-provider-oidc = OpenID
sim-index-linked = { $count ->
   *[other] { $count }명 연결됨
  }
sim-unlink = 여기서 연결 끊기

## The way back that posts itself

sim-posted-title = 사이트로 돌아가는 중이에요
sim-posted-text = Apple은 저절로 보내지는 양식으로 답을 전해요. 그대로 멈춰 있으면 단추를 눌러 주세요.
sim-posted-button = 계속하기

## Refusals in plain words

sim-wrong-client = 없는 클라이언트예요. client_id를 확인해 주세요.
sim-wrong-redirect = 등록하지 않은 주소로 돌아가려고 했어요. { $name } 콘솔에 글자 하나까지 똑같이 등록해야 해요.
sim-wrong-response-type = 지원하지 않는 response_type이에요. code만 쓸 수 있어요.
sim-wrong-scope = { $name }에서 모르는 scope를 요청했어요. 아래와 같아요.
sim-wrong-missing = 꼭 있어야 하는 값이 빠졌어요.
sim-wrong-value = 쓸 수 없는 값이 있어요.
sim-wrong-person = 아직 개발 중인 앱이고, 이 사람은 테스터가 아니에요.

## What may be sent

sim-item-name = 이름
sim-item-address = 이메일 주소
sim-item-my-address = 내 이메일 주소(빼면 Apple이 만든 주소를 대신 보내요)
sim-item-contact-email = 연락처 이메일
sim-item-addresses = 이메일 주소 읽기
sim-item-name-and-picture = 이름과 사진
sim-item-private-profile = 프로필 전체 읽기

## What is special about the others

sim-note-ordinary-naver = 평범한 사람. 네이버는 이메일이 확인됐는지 말해 주지 않아요
sim-note-external-mail = 다른 곳의 주소를 연락처 이메일로 적었어요
sim-note-no-name = 이름도 별명도 없어요
sim-note-digits-id = 아이디가 숫자예요. 2021년 5월 전에 만든 앱에서 그래요
sim-note-64-characters = 아이디가 64자이고 - _ = 가 들어 있어요
sim-note-not-a-tester = 테스터가 아니어서 제공자 화면에서 멈춰요
sim-note-gmail = gmail.com 주소를 써요
sim-note-organisation = 계정이 속한 조직의 주소를 써요
sim-note-foreign-mailbox = 오래전에 한 번 확인한 다른 곳의 주소를 써요
sim-note-other-domain = 조직에 속하지만 주소는 다른 곳의 것이에요
sim-note-bare-google = 이름과 사진이 오지 않아요
sim-note-null-name = 이름이 없고, 번호가 JavaScript 숫자에 담기지 않아요
sim-note-unverified-primary = 대표 주소를 확인받지 않았어요
sim-note-no-list = 이메일 목록이 없어요(404)
sim-note-second-page = 대표 주소가 목록 둘째 쪽에 있어요
sim-note-public-mail = 공개 프로필에 남의 주소를 적어 두었어요
sim-note-suspended = 앱이 정지되어 돌려보내져요
sim-note-emoji-github = 이름에 이모지가 있어요
sim-note-string-flags = 참과 거짓이 글자로 와요
sim-note-relay = 늘 주소를 숨기고 대신 받는 주소를 줘요
sim-note-managed = 회사나 학교 계정이라 주소가 확인되지 않았어요
sim-note-never-named = 이름을 한 번도 말하지 않아요
sim-note-ordinary-line = 평범한 사람. LINE은 이메일이 확인됐는지 말해 주지 않아요
sim-note-no-picture = 사진이 없어요
sim-note-wrong-browser = 다른 브라우저로 돌아와서 code와 state가 맞지 않아요
sim-note-odd-subject = 식별자에 세로줄이 있어요
sim-note-bare-oidc = 식별자가 007이고 이름이 없어요. 이메일이 확인됐는지도 말해 주지 않아요

## Notices

sim-notices-link = 알림 보내기
sim-notices-title = 사이트로 보내는 알림
sim-notices-text = 누가 연결을 끊거나, 계정을 없애거나, 비밀번호를 빼앗기면 제공자가 사이트에 알려 줘요. 바른 알림이든 꾸며 낸 알림이든 직접 보내 보고, 사이트가 뭐라고 답하는지 볼 수 있어요.
sim-notices-none = { $name }에서는 알림을 보내지 않아요.
sim-notices-person = 누구에 대한 알림인가요?
sim-notices-nobody = 사이트가 모르는 사람(1)
sim-notices-what = 무엇을 알릴까요?
sim-notices-how = 어떻게 보낼까요?
sim-notices-send = 보내기
sim-notices-again = 방금 보낸 것을 그대로 다시 보내기
sim-notices-sent = 보낸 알림
sim-notices-silence = 답 없음
sim-notices-heard = 사이트가 여기에 물어본 것
sim-notices-heard-nothing = 아직 없어요.
sim-variation-plain = 바르게
sim-variation-by-get = GET으로
sim-variation-in-query = 값을 주소에 담아서
sim-variation-audience-list = 바르게, 받을 사이트를 목록으로 적어서
sim-variation-ended = 바르게, 끝난 때를 적어서(사실에는 기한이 없어요)
sim-variation-events-object = 바르게, events를 객체로 적어서
sim-variation-milliseconds = 바르게, 시각을 밀리초로 적어서
sim-variation-unknown-event = 아무도 모르는 종류로
sim-variation-wrong-key = 가짜: 남의 키로
sim-variation-no-key = 가짜: 키나 서명 없이
sim-variation-wrong-app = 가짜: 다른 앱에 보내는 것
sim-variation-wrong-issuer = 가짜: 다른 발급자가 보낸 것
sim-variation-issuer-slash = 가짜: 발급자 끝의 빗금이 많거나 모자란 것
sim-variation-unknown-kid = 가짜: 아무도 모르는 키로
sim-variation-alg-none = 가짜: 서명이 없다고 적어서
sim-variation-public-key = 가짜: 공개 키를 비밀 키처럼 써서
sim-variation-wrong-time = 가짜: 시각이 맞지 않는 것
sim-variation-id-token = 가짜: 알림 대신 ID 토큰
sim-variation-tampered = 가짜: 서명한 뒤에 고친 것
sim-variation-no-subject = 잘못됨: 누구 이야기인지 없음
sim-variation-nonsense = 잘못됨: 토큰이 아님
