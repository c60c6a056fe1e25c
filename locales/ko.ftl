### The words of the product in Korean, which is written first. Polite, short, no exclamation marks.
### A name gets 님. Every refusal says what happened and what to do now.

## Around every page

skip-to-content = 본문으로 건너뛰기
nav-label = 주 메뉴
nav-home = 첫 화면
nav-profile = 내 프로필
nav-admin = 관리
log-in = 로그인
log-out = 로그아웃
language-ko = 한국어
language-en = English
theme-switch-auto = 화면: 기기 설정에 맞춤. 누르면 밝은 화면으로 바뀌어요
theme-switch-paper = 화면: 밝게. 누르면 어두운 화면으로 바뀌어요
theme-switch-darkroom = 화면: 어둡게. 누르면 기기 설정에 맞춰요
demo-hint = 연습 모드: 진짜 카카오 대신 연습용 화면으로 로그인해요.
small-print-code = 코드
small-print-request = 요청 번호

## Providers

provider-kakao = 카카오
# Fixed by Kakao's button guide, like its colours.
button-kakao = 카카오 로그인

## Dates

ago-now = 방금
ago-minutes = { $count }분 전
ago-hours = { $count }시간 전
ago-yesterday = 어제
date-day = { $year }년 { $month } { $day }일
date-exact = { $day } { $time } { $zone }
month-1 = 1월
month-2 = 2월
month-3 = 3월
month-4 = 4월
month-5 = 5월
month-6 = 6월
month-7 = 7월
month-8 = 8월
month-9 = 9월
month-10 = 10월
month-11 = 11월
month-12 = 12월

## Front page

home-title = 필름 사진을 좋아하는 사람들의 자리
home-lead = 서른여섯 장을 아껴 찍고, 현상을 기다리고, 한 장씩 꺼내 보는 사람들이 모이는 곳이에요.
home-log-in = 로그인하고 들어가기
home-greeting = 안녕하세요, { $name }님
home-greeting-nameless = 안녕하세요
home-welcome-back = 다시 와 주셔서 반가워요. 오늘은 어떤 필름을 넣으셨나요?
home-to-profile = 내 프로필 보기
home-point-1-title = 쓰던 계정 그대로
home-point-1-text = 새 비밀번호를 만들지 않아요. 이미 쓰고 있는 계정으로 바로 들어와요.
home-point-2-title = 동의한 것만
home-point-2-text = 이름과 사진, 이메일은 동의한 것만 받아요. 이메일이 없어도 괜찮아요.
home-point-3-title = 내 자리는 내 손으로
home-point-3-text = 보이는 이름과 연결된 계정을 한곳에서 확인하고 바꿀 수 있어요.

## Log in, log out

login-title = 로그인
login-lead = 쓰던 계정으로 바로 들어오세요.
login-recent = 최근 로그인
login-first-time = 처음이신가요? 로그인하면 계정이 함께 만들어져요.
login-again = 다시 시작하기
logged-out-title = 로그아웃했어요
logged-out-text = 이 기기에서는 이제 로그인되어 있지 않아요.
logged-out-kakao-text = 여럿이 쓰는 컴퓨터라면 카카오계정에서도 로그아웃해 주세요.
logged-out-kakao = 카카오계정도 함께 로그아웃

## How a login ended

outcome-cancelled-title = 로그인을 취소했어요
outcome-cancelled-text = 로그인 화면에서 취소를 선택해서 아무것도 바뀌지 않았어요. 마음이 바뀌면 다시 시작해 주세요.
outcome-under-age-title = 아직 가입할 수 없는 나이예요
outcome-under-age-text = 만 14세가 되면 이용할 수 있어요. 받은 정보는 저장하지 않았어요.
outcome-foreign-browser-title = 다른 브라우저에서 시작한 로그인이에요
outcome-foreign-browser-text = 안전을 위해 로그인은 시작한 브라우저에서만 끝낼 수 있어요. 이 브라우저에서 계속하려면 여기서 다시 시작해 주세요.
outcome-expired-title = 로그인 시간이 지났어요
outcome-expired-text = 시작한 지 너무 오래되어 이 로그인은 쓸 수 없어요. 다시 시작하면 금방 끝나요.
outcome-unknown-state-title = 이어 갈 로그인을 찾지 못했어요
outcome-unknown-state-text = 주소가 잘렸거나 이 사이트에서 시작한 로그인이 아니에요. 처음부터 다시 시작해 주세요.
outcome-used-title = 이미 처리한 로그인이에요
outcome-used-text = 같은 로그인은 한 번만 쓸 수 있어요. 아직 로그인되어 있지 않다면 다시 시작해 주세요.
outcome-try-later-title = 지금은 로그인을 끝내지 못했어요
outcome-try-later-text = 로그인 서비스가 제때 답하지 않았어요. 잠시 뒤에 다시 시작해 주세요.
outcome-operator-must-fix-title = 로그인 설정에 문제가 있어요
outcome-operator-must-fix-text = 사이트 설정을 고쳐야 로그인할 수 있어요. 아래 코드를 운영자에게 알려 주시면 빨리 고칠 수 있어요.
outcome-refused-title = 로그인을 확인하지 못했어요
outcome-refused-text = 로그인 서비스가 보낸 확인 정보가 맞지 않아 로그인하지 않았어요. 다시 시작해 보고, 계속되면 아래 코드를 운영자에게 알려 주세요.
outcome-banned-title = 이용이 정지된 계정이에요
outcome-banned-text = 이 계정으로는 로그인할 수 없어요. 궁금한 점은 아래 요청 번호와 함께 운영자에게 물어봐 주세요.
outcome-waiting-title = 승인을 기다리고 있어요
outcome-waiting-text = 가입 신청은 잘 받았어요. 관리자가 승인하면 같은 계정으로 로그인할 수 있어요.
outcome-closed-title = 탈퇴한 계정이에요
outcome-closed-text = 이 계정은 주인이 닫았어요. 다시 쓰고 싶다면 운영자에게 알려 주세요.
outcome-sign-up-closed-title = 지금은 새로 가입할 수 없어요
outcome-sign-up-closed-text = 이미 가입한 분만 로그인할 수 있어요. 다른 계정으로 가입하셨다면 그 계정으로 다시 시작해 주세요.
outcome-not-yet-title = 아직 할 수 없는 일이에요
outcome-not-yet-text = 이 버전에는 아직 준비되지 않은 기능이에요. 아무것도 바뀌지 않았어요.
outcome-identity-of-another-title = 다른 분에게 연결된 계정이에요
outcome-identity-of-another-text = 이 로그인 계정은 이미 다른 이용자에게 연결되어 있어요. 그 이용자로 들어오려면 로그아웃한 뒤 다시 로그인해 주세요.
outcome-not-asked-anew-title = 본인 확인이 되지 않았어요
outcome-not-asked-anew-text = 로그인 서비스가 비밀번호를 다시 묻지 않고 예전 로그인으로 답했어요. 다시 시작해서 직접 확인해 주세요.
outcome-welcome-required-title = 가입을 먼저 마쳐 주세요
outcome-welcome-required-text = 처음 오신 분은 약관과 이름을 확인하는 화면을 거쳐야 해요. 웹 브라우저에서 로그인해 가입을 마친 뒤 다시 시작해 주세요.
outcome-other-person-title = 다른 분으로 로그인하셨어요
outcome-other-person-text = 본인 확인은 지금 로그인한 분의 계정으로만 할 수 있어요. 같은 계정으로 다시 시작해 주세요.

## Profile

profile-title = 내 프로필
profile-nameless = 이름 없음
profile-joined = { $name } 가입
profile-admin = 관리자
profile-name-heading = 표시 이름
profile-name-label = 다른 사람에게 보이는 이름
profile-name-hint = 40자까지 쓸 수 있어요. 비워 두면 로그인한 계정의 이름을 그대로 써요.
profile-name-save = 저장
profile-name-too-long = 이름은 40자까지 쓸 수 있어요. 조금 줄여 주세요.
profile-name-unreadable = 읽을 수 있는 글자가 없어요. 다른 이름을 적어 주세요.
profile-name-saved = 표시 이름을 저장했어요.
profile-email-heading = 이메일
profile-email-verified = 확인됨
profile-email-verified-text = 로그인 서비스가 확인한 주소예요.
profile-email-unverified = 확인되지 않음
profile-email-unverified-text = 아직 인증하지 않은 주소예요. 로그인 서비스에서 이메일을 인증하고 다시 로그인하면 바뀌어요.
profile-email-none = 받은 이메일이 없어요
profile-email-none-text = 없어도 모든 기능을 그대로 쓸 수 있어요. 로그인 서비스에서 이메일 제공에 동의하고 다시 로그인하면 여기에 나타나요.
profile-identities-heading = 연결된 계정
profile-linked-at = 연결
profile-last-login = 최근 로그인
profile-device-heading = 이 기기
profile-device-unknown = 알 수 없는 브라우저
profile-device-with = 로그인 방법
profile-device-since = 로그인
profile-device-seen = 최근 접속
profile-device-ip = IP 주소

## Admin

admin-nav-label = 관리 메뉴
admin-nav-users = 사용자
users-title = 사용자
users-total = 모두 { $count }명
users-total-more = { $count }명이 넘어요
users-search-label = 사용자 찾기
users-search-hint = 이름, 이메일, ID나 kakao:회원번호를 그대로 적어 주세요.
users-search-button = 찾기
users-search-clear = 전체 보기
users-none-found = 찾는 사용자가 없어요
users-none-found-text = 이름과 이메일, 번호는 전체가 똑같아야 찾을 수 있어요. 띄어쓰기도 확인해 주세요.
users-none-yet = 아직 아무도 없어요
users-none-yet-text = 누군가 처음 로그인하면 여기에 나타나요.
users-list-label = 사용자 목록
users-column-person = 사용자
users-column-email = 이메일
users-column-linked = 연결된 계정
users-column-standing = 상태
users-column-joined = 가입
users-column-last-login = 최근 로그인
users-never = 없음
users-no-email = 없음
users-email-untrusted = 확인되지 않음
users-admin = 관리자
users-pages-label = 쪽 이동
users-newer = 더 최근 사용자
users-older = 더 오래된 사용자
standing-waiting = 승인 대기
standing-active = 이용 중
standing-banned = 정지됨
standing-closed = 탈퇴함
standing-erased = 삭제됨

## Refusals

error-bad-request-title = 요청을 이해하지 못했어요
error-bad-request-text = 주소나 보낸 내용이 올바르지 않아요. 앞 화면으로 돌아가 다시 해 주세요.
error-not-authenticated-title = 로그인이 필요해요
error-not-authenticated-text = 이 화면은 로그인한 뒤에 볼 수 있어요.
error-forbidden-title = 여기는 들어올 수 없어요
error-forbidden-text = 이 화면을 볼 권한이 없거나, 다른 사이트에서 보낸 요청이에요. 권한이 필요하면 관리자에게 알려 주세요.
error-not-found-title = 찾는 화면이 없어요
error-not-found-text = 주소가 바뀌었거나 지워졌을 수 있어요. 주소를 한 번 더 확인해 주세요.
error-method-not-allowed-title = 이렇게는 열 수 없는 주소예요
error-method-not-allowed-text = 주소창에 직접 적는 대신 화면의 버튼을 눌러 주세요.
error-conflict-title = 그사이에 상태가 바뀌었어요
error-conflict-text = 지금 상태에서는 할 수 없는 일이에요. 화면을 새로 열어 확인한 뒤 다시 해 주세요.
error-too-large-title = 보낸 내용이 너무 커요
error-too-large-text = 내용을 줄여서 다시 보내 주세요.
error-unsupported-media-type-title = 받을 수 없는 형식이에요
error-unsupported-media-type-text = 화면에 있는 양식으로 다시 보내 주세요.
error-misdirected-title = 이 사이트의 주소가 아니에요
error-misdirected-text = 다른 주소로 온 요청이라 답하지 않았어요. 주소창의 주소를 확인해 주세요.
error-too-slow-title = 요청이 너무 늦게 도착했어요
error-too-slow-text = 보낸 내용이 제시간에 다 오지 않아 처리하지 않았어요. 연결을 확인하고 다시 해 주세요.
error-too-many-requests-title = 요청이 너무 많아요
error-too-many-requests-text = 같은 곳에서 짧은 시간에 너무 많은 요청이 왔어요. 1분쯤 뒤에 다시 해 주세요.
error-unavailable-title = 지금은 답하기 어려워요
error-unavailable-text = 잠깐 붐비거나 점검하고 있어요. 조금 뒤에 다시 해 주세요.
error-internal-title = 저희 쪽에 문제가 생겼어요
error-internal-text = 하던 일이 끝나지 않았을 수 있어요. 조금 뒤에 다시 해 보고, 계속되면 아래 요청 번호를 운영자에게 알려 주세요.

# 같은 토큰이 두 번 쓰여 끝난 로그인
alarm-title = 로그인 정보가 두 곳에서 쓰였어요
alarm-text = 지난 로그인 하나가 다른 곳에서도 쓰인 흔적이 있어 그 기기를 로그아웃했어요. 지금 로그인은 안전해요. 모르는 기기가 있는지 한번 살펴봐 주세요.
alarm-continue = 계속하기

# 로그인한 기기
devices-title = 로그인한 기기
devices-text = 지금 이 계정으로 로그인되어 있는 기기예요. 모르는 기기가 있으면 로그아웃하세요. 다음 요청부터 바로 들어올 수 없어요.
devices-all = 로그인한 기기 모두 보기
devices-current = 지금 이 기기
devices-revoke = 로그아웃
devices-revoke-this = 이 기기에서 로그아웃
devices-revoke-others = 다른 기기 모두 로그아웃
devices-others-title = 다른 기기에서 모두 로그아웃할까요?
devices-others-text = 지금 이 기기만 남고 나머지 기기는 바로 로그아웃돼요. 그 기기에서는 다시 로그인해야 해요.
devices-cancel = 그만두기
devices-revoked = 그 기기를 로그아웃했어요.
devices-others-revoked = 다른 기기를 모두 로그아웃했어요.
devices-only = 다른 기기에는 로그인되어 있지 않아요.

## Proving again who one is

again-title = 본인 확인이 필요해요
again-text = 되돌리기 어려운 일을 하기 전에 { $provider }에서 한 번 더 확인할게요. 자동으로 넘어가지 않으면 계속하기를 눌러 주세요.
again-form-text = 보내신 내용은 아직 처리하지 않았어요. 본인 확인을 마치면 같은 화면이 다시 나와요. 자동으로 넘어가지 않으면 계속하기를 눌러 주세요.
onward = 계속하기
error-fresh-login-required-title = 본인 확인이 필요해요
error-fresh-login-required-text = 최근 10분 안에 로그인한 분만 할 수 있는 일이에요. 본인 확인을 한 뒤 다시 해 주세요.
error-bad-gateway-title = 연결된 서비스에 문제가 있어요
error-bad-gateway-text = 사이트 설정을 고쳐야 할 수 있는 일이에요. 아래 코드를 운영자에게 알려 주세요.
