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
demo-hint = 연습 모드: 진짜 로그인 서비스 대신 연습용 화면으로 로그인해요.
small-print-code = 코드
small-print-request = 요청 번호

## Providers

provider-kakao = 카카오
# Fixed by Kakao's button guide, like its colours.
button-kakao = 카카오 로그인
provider-naver = 네이버
provider-google = Google
provider-apple = Apple
provider-line = LINE
provider-github = GitHub
# Labels out of each brand's guide; GitHub has none of its own.
button-naver = 네이버 로그인
button-google = Google 계정으로 로그인
button-apple = Apple로 로그인
button-line = LINE으로 로그인
button-github = GitHub로 로그인
button-other = { $name } 계정으로 로그인

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
users-search-hint = 이름이나 이메일의 일부를 적어 주세요. 초성(ㅎㄱㄷ)으로도 찾아요. 영문과 이메일은 세 글자부터예요. ID나 kakao:회원번호는 그대로 적어 주세요.
users-search-button = 찾기
users-search-clear = 전체 보기
users-none-found = 찾는 사용자가 없어요
users-none-found-text = 더 짧게 찾아보거나 조건을 줄여 보세요.
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
users-newer = 이전 쪽
users-older = 다음 쪽
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
error-provider-unavailable-title = 로그인 서비스가 답하지 않아요
error-provider-unavailable-text = 지금은 그 계정으로 로그인할 수 없어요. 조금 뒤에 다시 하거나, 다른 계정으로 로그인해 주세요.
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

# 관리: 한 사람
admin-nav-dashboard = 대시보드
admin-nav-audit = 기록
person-back = 사용자 목록으로
person-you = 지금 로그인한 나
person-id = ID
person-subject = 회원번호
person-reason = 정지한 까닭
person-no-reason = 적어 두지 않았어요
person-acts = 할 수 있는 일
person-acts-me = 내 계정은 여기서 바꿀 수 없어요. 내 프로필에서 바꾸거나 다른 관리자에게 부탁해 주세요.
person-linked-none = 연결된 계정이 없어요.
person-devices-none = 로그인되어 있는 기기가 없어요.
person-devices-count = 로그인되어 있는 기기 { $count }대
person-device = 기기
person-logins = 로그인 기록
person-logins-none = 남아 있는 로그인 기록이 없어요.
person-login-state = 지금은
person-consents = 동의한 항목
person-trail = 이 사용자에 관한 기록
person-trail-none = 아직 기록이 없어요.
person-trail-all = 기록 모두 보기
person-role-user = 일반 사용자
login-state-live = 로그인되어 있음
login-state-expired = 기간이 지나 끝남
login-state-logged-out = 로그아웃함
login-state-replaced = 다시 로그인해서 바뀜
login-state-reuse = 두 곳에서 쓰여 끝냄
login-state-banned = 정지되어 끝남
login-state-ended = 끝남

# 관리: 한 사람에게 할 수 있는 일
act-approve = 가입 승인
act-approve-title = { $name }님의 가입을 승인할까요?
act-approve-text = 승인하면 바로 로그인할 수 있어요.
act-approve-done = 가입을 승인했어요. 이제 로그인할 수 있어요.
act-unban = 정지 풀기
act-unban-title = { $name }님의 정지를 풀까요?
act-unban-text = 바로 다시 로그인할 수 있어요. 정지하면서 끝난 로그인은 되살아나지 않아요.
act-unban-done = 정지를 풀었어요.
act-promote = 관리자로 올리기
act-promote-title = { $name }님을 관리자로 올릴까요?
act-promote-text = 관리자는 모든 사용자와 기록을 보고, 정지하거나 삭제할 수 있어요.
act-demote = 관리자에서 내리기
act-demote-title = { $name }님을 관리자에서 내릴까요?
act-demote-text = 관리 화면에 바로 들어올 수 없게 돼요. 계정과 로그인은 그대로예요.
act-role-done = 역할을 바꿨어요.
act-end-sessions = 모든 기기 로그아웃
act-end-sessions-title = { $name }님을 모든 기기에서 로그아웃할까요?
act-end-sessions-text = 모든 기기가 바로 로그아웃돼요. 정지와 달리 다시 로그인할 수 있어요.
act-end-sessions-done = 모든 기기에서 로그아웃했어요.
act-ban = 이용 정지
act-ban-title = { $name }님의 이용을 정지할까요?
act-ban-text = 모든 기기에서 바로 로그아웃되고 다시 로그인할 수 없어요. 언제든 풀 수 있어요.
act-ban-done = 이용을 정지했어요. 모든 기기에서 로그아웃됐어요.
act-reason-label = 정지하는 까닭
act-reason-hint = 이 사람이 로그인하려고 할 때 그대로 보여요. 비워 두면 까닭 없이 정지됐다고만 나와요.
act-reason-too-long = 까닭이 너무 길어요. 300자까지 쓸 수 있어요.
act-delete = 계정 삭제
act-delete-title = { $name }님의 계정을 삭제할까요?
act-delete-text = 프로필과 연결된 계정, 로그인이 모두 지워지고 되돌릴 수 없어요. 기록에는 누구인지 알 수 없는 번호만 남아요.
act-delete-done = 계정을 삭제했어요.
act-confirm-label = 실수로 지우지 않도록 아래와 똑같이 적어 주세요
act-confirm-wrong = 적은 내용이 달라요. 위에 보이는 대로 적어 주세요.
act-already = 이미 그렇게 되어 있어서 바꾼 것이 없어요.
outcome-banned-reason = 정지된 까닭
error-last-admin-title = 마지막 관리자예요
error-last-admin-text = 관리자가 한 명은 있어야 해요. 다른 사람을 먼저 관리자로 올린 뒤에 다시 해 주세요.
error-last-identity-title = 연결을 끊을 수 없어요
error-last-identity-text = 로그인할 수 있는 계정이 이것뿐이에요. 다른 계정을 먼저 연결하거나, 더 쓰지 않으려면 프로필에서 탈퇴하세요.
error-yourself-title = 자기 계정에는 할 수 없어요
error-yourself-text = 실수로 스스로를 막지 않도록, 내 계정은 내 프로필에서 바꾸거나 다른 관리자에게 부탁해 주세요.

# 관리: 기록
audit-title = 기록
audit-text = 누가, 무엇을, 언제, 어디서 했는지 남아 있어요. 고치거나 지울 수 없고, 정해진 기간이 지나면 사라져요.
audit-total = { $count }건
audit-total-more = { $count }건이 넘어요
audit-search-label = 누구에 관한 기록인가요?
audit-search-hint = 사용자 ID, 이메일, kakao:회원번호나 거절 화면에 적힌 요청 번호를 그대로 적어 주세요.
audit-action-label = 무슨 일인가요?
audit-action-any = 모든 일
audit-actor-label = 누가 했나요?
audit-actor-hint = 사용자 ID, 이메일이나 kakao:회원번호. 명령줄은 cli, 프로그램은 system이에요. 스스로에게 한 일은 ‘누구에 관한 기록인가요?’에서 찾아 주세요.
audit-find = 찾기
audit-clear = 전체 보기
audit-none = 맞는 기록이 없어요
audit-none-text = 조건을 줄이거나 주소와 번호를 다시 확인해 주세요.
audit-none-here = 여기까지는 맞는 기록이 없어요
audit-none-here-text = 더 오래된 기록을 이어서 찾아볼 수 있어요.
audit-older = 더 오래된 기록
audit-newest = 가장 최근 기록으로
lines-when = 언제
lines-what = 무슨 일
lines-whom = 누구에게
lines-by = 누가
lines-by-cli = 운영자(명령줄)
lines-by-system = 프로그램
lines-where = 어디서
lines-request = 요청 번호
line-name-chosen = 직접 정함
line-name-providers = 로그인 서비스의 이름으로
action-login-ok = 로그인
action-login-created = 가입하고 로그인
action-login-again = 본인 확인
action-login-refused = 로그인 거절
action-login-waits = 가입 신청
action-logout = 로그아웃
action-session-revoked = 기기 하나 로그아웃
action-session-others-revoked = 다른 기기 모두 로그아웃
action-session-refused = 로그인 연장 거절
action-session-reuse = 두 곳에서 쓰인 로그인을 끝냄
action-session-stale = 오래된 로그인을 끝냄
action-sessions-ended = 운영자가 로그아웃시킴
action-profile-name = 표시 이름 바꿈
action-user-read = 사용자 정보를 봄
action-user-approve = 가입 승인
action-user-ban = 이용 정지
action-user-unban = 정지 풀기
action-user-delete = 계정 삭제
action-role-change = 역할 바꿈
action-users-search = 사용자 찾기
action-users-export = 사용자 목록 내려받기
action-audit-read = 기록 찾기
action-provider-rebind = 로그인 서비스의 앱 바꿈
action-key-rotate = 서명 키 교체
action-key-retire = 서명 키 폐기
action-key-import = 서명 키 들여옴
action-profile-export = 내 정보 내려받음
action-user-leave = 탈퇴
action-user-come-back = 계정 되살림
action-user-erase = 유예 기간 뒤 지움
action-identity-unlink = 연결 끊음
action-notice-unlink = 로그인 서비스에서 연결이 끝났다고 알려 옴
action-notice-sessions = 로그인 서비스가 로그인을 끝내라고 알려 옴
action-reconcile-run = 로그인 서비스의 연결 목록과 비교
action-reconcile-refused = 연결 목록과 비교했지만 목록을 믿을 수 없어 아무것도 바꾸지 않음
action-reconcile-close = 연결 목록에 없어 계정을 닫음
action-reconcile-mark = 연결 목록에 없음
action-reconcile-return = 연결 목록에 다시 나타남
action-reconcile-remove = 연결 목록에 없던 계정의 연결을 지움
action-outbox-given-up = 알리기 포기
action-events-replay = 이벤트 다시 알리기
## Logging out while the database is away

logout-incomplete-title = 이 브라우저에서는 로그아웃했어요
logout-incomplete-text = 지금은 서버에 기록하지 못했어요. 서버가 다시 답하면 이 로그인을 바로 끝낼게요. 걱정되면 잠시 뒤 다시 로그인해 로그인된 기기를 확인해 주세요.

# 관리: 대시보드
number = { $count }
dashboard-title = 대시보드
dashboard-zone = 최근 90일, { $zone } 날짜 기준
dashboard-logins-today = 오늘 로그인
dashboard-sign-ups-today = 오늘 가입
dashboard-failures-today = 오늘 실패한 로그인
dashboard-devices = 지금 쓰는 기기
dashboard-lag = 로그인과 가입은 30초쯤 뒤에 더해져요. 기기는 최근 5분 안에 쓴 것을 세요.
dashboard-sum = 90일 동안 { $count }건
dashboard-logins = 로그인
dashboard-sign-ups = 가입
dashboard-failures = 실패한 로그인
dashboard-table = 날짜별 숫자를 표로 보기
dashboard-day = 날짜
dashboard-providers = 로그인 방법
dashboard-reasons = 실패한 까닭
dashboard-reason = 까닭
dashboard-number = 건수
dashboard-nothing = 아직 없어요.
## Linked accounts, and a new one that could be linked

identities-title = 연결한 계정
identities-text = 여기 있는 계정 가운데 어느 것으로 로그인해도 같은 프로필로 들어와요.
identities-all = 연결한 계정 모두 보기
identities-current = 지금 로그인한 계정
identities-linked = 계정을 연결했어요.
identities-link-heading = 다른 계정 연결하기
identities-link-text = 연결할 계정의 로그인 화면으로 이동해요. 같은 서비스의 계정을 여러 개 연결할 수도 있어요.
identities-link = { $provider } 연결하기
link-onward-title = 계정을 연결해요
link-onward-text = 연결할 { $provider } 계정으로 로그인해 주세요. 자동으로 넘어가지 않으면 계속하기를 눌러 주세요.
offer-title = 이미 { $provider }{ $by } 가입하셨어요
offer-email = { $name } 이메일을 쓰는 분이 이미 있어요.
offer-text = 본인이시라면 { $provider }{ $by } 로그인해서 두 계정을 연결해 주세요. 그러면 앞으로 어느 쪽으로 로그인해도 같은 프로필로 들어와요.
offer-join = { $provider }{ $by } 로그인해 연결하기
offer-apart = 따로 시작하기
offer-apart-text = 따로 시작하면 { $provider } 계정만으로 새 프로필을 만들어요. 두 계정은 연결되지 않아요.
offer-onward-title = 쓰던 계정으로 로그인해요
offer-onward-text = { $provider }{ $by } 로그인하면 두 계정을 연결할게요. 자동으로 넘어가지 않으면 계속하기를 눌러 주세요.
action-identity-link = 계정 연결

# The list: search and filters
users-total-about = 약 { $number } 명
about-round = { $whole }
about-thousands = { $man }만 { $cheon }천
about-ten-thousands = { $man }만
about-millions = { $man }만
users-too-short = 조금 더 길게 적어 주세요
users-too-short-text = 한글은 한 글자부터, 영문과 숫자, 이메일은 세 글자부터 찾을 수 있어요.
users-none-here = 이 쪽에는 맞는 사용자가 없어요
users-none-here-text = 다음 쪽에서 이어서 찾아볼 수 있어요.
users-filters = 조건과 순서
users-filter-status = 상태
users-filter-role = 역할
users-filter-provider = 연결된 계정
users-filter-email = 이메일
users-any-status = 모든 상태
users-any-role = 모든 역할
users-any-provider = 모든 계정
users-any-email = 모든 이메일
users-role-user = 사용자
users-email-verified = 확인됨
users-email-unverified = 확인되지 않음
users-email-none = 없음
users-sort-label = 순서
users-sort-newest = 최근 가입한 순서
users-sort-seen = 최근 로그인한 순서
users-sort-name = 이름 순서
users-sort-note = 검색어가 있으면 늘 최근 가입한 순서로 보여 드려요.
users-export = 이 목록을 파일로 내려받기
users-export-reason = 내려받는 까닭
users-export-hint = 까닭은 기록에 남아요. 조건에 맞는 사용자 모두를 CSV 파일로 드려요. 로그인한 지 10분이 넘었으면 먼저 다시 로그인해 주세요.
users-export-button = CSV 내려받기
users-csv-verified = 이메일 확인
users-csv-yes = 예
users-csv-no = 아니요
users-joined-from = 가입한 날, 이날부터
users-joined-to = 가입한 날, 이날까지
users-seen-from = 최근 로그인, 이날부터
users-seen-to = 최근 로그인, 이날까지

## Inside another app's browser

way-out-text = { $provider } 로그인은 { $app } 안에서는 쓸 수 없어요. 휴대폰의 브라우저에서 이 화면을 열어 주세요.
way-out = 브라우저로 열기
## Ending a link, leaving, taking one's data along

unlink-heading = 연결 끊기
unlink-title = { $provider } 계정과의 연결을 끊을까요?
unlink-sessions = 이 계정으로 시작한 로그인은 모두 바로 끝나요.
unlink-own = 지금 이 로그인도 그래요. 남은 계정으로 다시 로그인하면 돼요.
unlink-last = 로그인할 수 있는 계정이 이것뿐이라 연결을 끊을 수 없어요. 다른 계정을 먼저 연결하거나, 더 쓰지 않으려면 탈퇴할 수 있어요.
unlink-button = 연결 끊기
unlink-back = 연결된 계정으로
unlinked-heading = 연결 끊기
unlinked-title = { $provider } 계정과의 연결을 끊었어요
unlinked-own = 지금 로그인도 이 계정으로 시작했기 때문에 함께 끝났어요. 남은 계정으로 다시 로그인하세요.
promise-told = { $provider }에도 연결이 끝났다고 알려요. 따로 할 일은 없어요.
promise-not-told = { $provider } 쪽의 연결은 여기서 끊을 수 없어요. { $provider }에서 직접 끊어 주세요.
promise-page = { $provider }의 연결 관리 화면
promise-in-line = LINE 앱의 설정 > 계정 > 연동된 앱(Authorized apps)에서 끊을 수 있어요.
promise-again = { $provider }에 알리려면 최근 로그인이 필요해요. 먼저 한 번 더 로그인하면 알릴 수 있어요.
promise-again-link = { $provider }{ $by } 다시 로그인
export-link = 내 정보 내려받기
export-text = 여기에 저장된 내 정보를 모두 JSON 파일 하나로 받아요.
leave-heading = 내 정보와 탈퇴
leave-link = 탈퇴하기
leave-link-text = 무엇이 지워지는지 먼저 보여 드려요.
leave-title = 정말 탈퇴하시겠어요?
leave-at-once = 바로 지워지고, 되돌릴 수 없어요.
leave-grace = 바로 로그아웃되고, { $count }일 뒤에 모두 지워져요. 그 전에 다시 로그인하면 계정이 되살아나요.
leave-what-goes = 이렇게 돼요
leave-goes-profile = 이름과 사진을 비롯한 프로필이 지워져요.
leave-goes-accounts = 연결된 계정과 거기서 받은 이메일이 지워져요.
leave-goes-sessions = 모든 기기에서 로그아웃돼요.
leave-stays = 기록에는 누구인지 알 수 없는 번호만 남아요.
leave-export-first = 먼저 내 정보 내려받기
leave-button = 탈퇴하기
farewell-title = 탈퇴했어요
farewell-erased = 프로필과 연결된 계정이 모두 지워졌어요. 그동안 함께해 주셔서 고마워요.
farewell-closed = { $name }에 모두 지워져요. 마음이 바뀌면 그 전에 다시 로그인하세요.

## What waits to be told

admin-nav-outbox = 보낼 알림
outbox-title = 보낼 알림
outbox-text = 연결이 끝났다고 로그인 서비스에, 무슨 일이 있었는지 운영자의 프로그램에 알리는 일이에요. 안 되면 다시 해 보고, 7일이 지나면 그만둬요.
outbox-all = 모두
outbox-waiting = 기다리는 중
outbox-done = 보냄
outbox-given-up = 그만둠
outbox-none = 보낼 알림이 없어요
outbox-none-text = 누군가 탈퇴하거나 연결을 끊으면, 또 운영자의 프로그램에 알릴 일이 생기면 여기에 나타나요.
outbox-what = 무엇을
outbox-unlink = { $provider }에 연결 끝남 알리기
outbox-event = 이벤트 { $event }
outbox-state = 상태
outbox-tries = 실패
outbox-next = 다음 시도 또는 끝난 때
outbox-under-way = 지금 하는 중
## How the outbox and the notices are doing
health-post = 보낼 알림
health-waiting = 기다리는 중
health-retrying = 실패해서 다시 해 보는 중
health-oldest = 가장 오래 기다린 알림
health-given-up = 최근 7일 동안 그만둠
health-more = { $count }건 넘음
health-post-all = 보낼 알림 모두 보기
health-notices = 로그인 서비스가 보낸 알림
health-notices-none = 알림을 보내는 로그인 서비스가 없어요.
health-notices-text = 최근 90일. 연결을 끊거나 계정이 바뀌면 로그인 서비스가 알려 줘요. 거절한 알림은 까닭을 함께 적어요.
health-from = 보낸 곳
health-heard = 받음
health-refused = 거절
health-last = 마지막으로 받음
health-never = 아직 없음
notice-refusal-invalid-request = 형식이 맞지 않음
notice-refusal-invalid-key = 서명이 맞지 않음
notice-refusal-invalid-issuer = 보낸 곳이 다름
notice-refusal-invalid-audience = 다른 앱에 보낸 것
notice-refusal-webhook-key = 어드민 키나 앱 ID가 다름
notice-refusal-webhook-signature = 서명이 맞지 않음
notice-refusal-bad-request = 형식이 맞지 않음
notice-refusal-too-many-requests = 너무 많이 옴
notice-refusal-too-large = 너무 큼
notice-refusal-too-slow = 너무 느림
notice-refusal-unavailable = 제때 처리하지 못함
notice-refusal-internal = 처리하다 오류가 남
## What providers are to be told about one person
person-unlinks = 로그인 서비스에 알릴 연결 해제
person-unlinks-none = 알릴 것이 없어요.
person-unlinks-whom = 알릴 곳

# 관리: 로그인 서비스에서 동의한 것
person-consents-text = 로그인할 때 로그인 서비스가 알려 준 대로예요. 그 뒤에 바꾼 것은 다음 로그인 때 알 수 있어요.
person-consents-nothing = 동의한 항목이 없다고 했어요.
person-consents-untold = 이 로그인 서비스는 무엇에 동의했는지 알려 주지 않았어요.
person-consents-since = 마지막으로 바뀐 때
person-devices-shown = 최근에 쓴 { $count }대만 보여 드려요
consent-openid = 로그인 확인(OpenID)
consent-profile-nickname = 닉네임
consent-profile-image = 프로필 사진
consent-account-email = 카카오계정(이메일)
consent-name = 이름
consent-gender = 성별
consent-age-range = 연령대
consent-birthday = 생일
consent-birthyear = 출생 연도
consent-phone-number = 카카오계정(전화번호)
consent-account-ci = CI(연계정보)
consent-shipping-address = 배송지 정보
consent-plusfriends = 카카오톡 채널 추가 상태 및 내역
consent-friends = 카카오 서비스 내 친구 목록
consent-talk-message = 카카오톡 메시지 전송
consent-profile = 프로필
consent-email = 이메일
lines-by-self = 본인
trace-q = 찾는 말
trace-id = ID
trace-identity = 회원번호
trace-email = 이메일의 일부
trace-words = 이름이나 이메일의 일부
trace-too-short = 너무 짧은 말
trace-joined = 가입한 날
trace-seen = 최근 로그인
users-filters-apply = 이 조건으로 보기
dashboard-no-logins = 90일 동안 로그인한 사람이 없어요.
dashboard-no-sign-ups = 90일 동안 새로 가입한 사람이 없어요.
dashboard-no-failures = 90일 동안 실패한 로그인이 없어요.
