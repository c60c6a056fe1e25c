### The words of the product in English, key by key beside ko.ftl. Calm and exact, no exclamation marks.
### Every refusal says what happened and what to do now.

## Around every page

skip-to-content = Skip to content
nav-label = Main menu
nav-home = Home
nav-profile = My profile
nav-admin = Admin
log-in = Log in
log-out = Log out
language-ko = 한국어
language-en = English
theme-switch-auto = Appearance: as your device says. Press for the light one
theme-switch-paper = Appearance: light. Press for the dark one
theme-switch-darkroom = Appearance: dark. Press to follow your device
demo-hint = Practice mode: you log in with stand-ins, not with the real services.
small-print-code = Code
small-print-request = Request

## Providers

provider-kakao = Kakao
# Fixed by Kakao's button guide, like its colours.
button-kakao = Login with Kakao
provider-naver = Naver
provider-google = Google
provider-apple = Apple
provider-line = LINE
provider-github = GitHub
# Labels out of each brand's guide; GitHub has none of its own.
button-naver = Log in with NAVER
button-google = Sign in with Google
button-apple = Sign in with Apple
button-line = Log in with LINE
button-github = Log in with GitHub
button-other = Log in with { $name }

## Dates

ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
  }
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
  }
ago-yesterday = yesterday
date-day = { $day } { $month } { $year }
date-exact = { $day } { $time } { $zone }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Front page

home-title = A place for people who love film
home-lead = For those who make thirty-six frames count, wait for the lab, and look at each picture twice.
home-log-in = Log in and come inside
home-greeting = Hello, { $name }
home-greeting-nameless = Hello
home-welcome-back = Good to see you again. What is in your camera today?
home-to-profile = See my profile
home-point-1-title = The account you have
home-point-1-text = No new password to make up. You come in with an account you already use.
home-point-2-title = Only what you agree to
home-point-2-text = Name, picture and e-mail arrive only with your consent. It works without an e-mail, too.
home-point-3-title = Yours to arrange
home-point-3-text = See and change the name others see and the accounts linked to you, all in one place.

## Log in, log out

login-title = Log in
login-lead = Come in with an account you already use.
login-recent = Last used
login-first-time = New here? Logging in makes your account as well.
login-again = Start again
logged-out-title = You are logged out
logged-out-text = Nobody is logged in on this device any more.
logged-out-kakao-text = On a shared computer, please log out of your Kakao Account as well.
logged-out-kakao = Log out of my Kakao Account, too

## How a login ended

outcome-cancelled-title = You cancelled the login
outcome-cancelled-text = You chose to cancel, so nothing has changed. Start again whenever you like.
outcome-under-age-title = You are too young to join yet
outcome-under-age-text = You can join from the age of 14. Nothing about you was stored.
outcome-foreign-browser-title = This login began in another browser
outcome-foreign-browser-text = To keep you safe, a login can only be finished in the browser where it began. To go on in this one, start again here.
outcome-expired-title = This login took too long
outcome-expired-text = It began too long ago to be used. Start again; it only takes a moment.
outcome-unknown-state-title = There is no login to continue
outcome-unknown-state-text = The address was cut short, or this login did not begin on this site. Please start again from the beginning.
outcome-used-title = This login was already used
outcome-used-text = Each login works once. If you are not logged in by now, start again.
outcome-try-later-title = The login could not be finished just now
outcome-try-later-text = The login service did not answer in time. Please start again in a little while.
outcome-operator-must-fix-title = The login is not set up correctly
outcome-operator-must-fix-text = You can log in once the site's settings are corrected. Telling the operator the code below helps them fix it quickly.
outcome-refused-title = The login could not be confirmed
outcome-refused-text = What the login service sent did not check out, so you were not logged in. Start again; if it keeps happening, tell the operator the code below.
outcome-banned-title = This account is suspended
outcome-banned-text = You cannot log in with this account. If you have questions, ask the operator and mention the request below.
outcome-waiting-title = Waiting for approval
outcome-waiting-text = We have received your request to join. Once an admin approves it, you can log in with the same account.
outcome-closed-title = This account is closed
outcome-closed-text = Its owner closed it. If you would like to use it again, tell the operator.
outcome-sign-up-closed-title = New sign-ups are closed
outcome-sign-up-closed-text = Only people who already joined can log in. If you joined with another account, start again with that one.
outcome-not-yet-title = This is not possible yet
outcome-not-yet-text = This version is not ready for it. Nothing has changed.
outcome-identity-of-another-title = This account is linked to someone else
outcome-identity-of-another-text = Another person here already uses it. To come in as that person, log out and log in again.
outcome-not-asked-anew-title = That did not confirm it is you
outcome-not-asked-anew-text = The login service answered from an earlier login without asking you again. Start again and confirm it yourself.
outcome-welcome-required-title = Finish joining first
outcome-welcome-required-text = New people see the terms and choose a name first. Log in with a web browser to finish joining, then start again.
outcome-other-person-title = You logged in as someone else
outcome-other-person-text = Only the person who is logged in now can confirm this. Start again with the same account.

## Profile

profile-title = My profile
profile-nameless = No name
profile-joined = Joined { $name }
profile-admin = Admin
profile-name-heading = Display name
profile-name-label = The name others see
profile-name-hint = Up to 40 characters. Leave it empty to use the name of the account you log in with.
profile-name-save = Save
profile-name-too-long = A name can have up to 40 characters. Please shorten it.
profile-name-unreadable = There is nothing readable in this name. Please choose another one.
profile-name-saved = Your display name is saved.
profile-email-heading = E-mail
profile-email-verified = Verified
profile-email-verified-text = Your login service has verified this address.
profile-email-unverified = Not verified
profile-email-unverified-text = This address has not been verified yet. Verify it at your login service and log in again to change that.
profile-email-none = No e-mail received
profile-email-none-text = Everything works without one. If you agree to share it at your login service and log in again, it appears here.
profile-identities-heading = Linked accounts
profile-linked-at = Linked
profile-last-login = Last login
profile-device-heading = This device
profile-device-unknown = Unknown browser
profile-device-with = Logged in with
profile-device-since = Logged in
profile-device-seen = Last seen
profile-device-ip = IP address

## Admin

admin-nav-label = Admin menu
admin-nav-users = Users
users-title = Users
users-total = { $count ->
    [one] { $count } person
   *[other] { $count } people
  }
users-total-more = More than { $count } people
users-search-label = Find a user
users-search-hint = Part of a name or e-mail; Korean initials (ㅎㄱㄷ) work too. Latin letters and e-mails from three characters on. An ID, or kakao: and the member number, in full.
users-search-button = Find
users-search-clear = Show everyone
users-none-found = Nobody matches
users-none-found-text = Try a shorter part, or fewer filters.
users-none-yet = Nobody is here yet
users-none-yet-text = Whoever logs in first will appear here.
users-list-label = List of users
users-column-person = User
users-column-email = E-mail
users-column-linked = Linked accounts
users-column-standing = Standing
users-column-joined = Joined
users-column-last-login = Last login
users-never = never
users-no-email = none
users-email-untrusted = Not verified
users-admin = Admin
users-pages-label = Pages
users-newer = Previous page
users-older = Next page
standing-waiting = Waiting
standing-active = Active
standing-banned = Suspended
standing-closed = Closed
standing-erased = Erased

## Refusals

error-bad-request-title = We could not understand that
error-bad-request-text = The address or what was sent with it is not right. Go back and try once more.
error-not-authenticated-title = Please log in
error-not-authenticated-text = You can see this page once you are logged in.
error-forbidden-title = You cannot come in here
error-forbidden-text = You have no permission for this page, or the request came from another site. If you need access, tell an admin.
error-not-found-title = There is no such page
error-not-found-text = It may have moved or been removed. Please check the address once more.
error-method-not-allowed-title = This address cannot be opened that way
error-method-not-allowed-text = Use the button on the page instead of typing the address.
error-conflict-title = Something changed in the meantime
error-conflict-text = This cannot be done as things stand. Open the page afresh, have a look, and try again.
error-too-large-title = That was too much at once
error-too-large-text = Please send less and try again.
error-unsupported-media-type-title = This format cannot be read
error-unsupported-media-type-text = Please use the form on the page.
error-misdirected-title = This is not an address of this site
error-misdirected-text = The request was meant for another address, so it was not answered. Please check the address bar.
error-too-slow-title = The request came too slowly
error-too-slow-text = What you sent did not arrive in time, so nothing was done. Please check your connection and try again.
error-too-many-requests-title = Too many requests
error-too-many-requests-text = Too many requests came from the same place in a short time. Please try again in about a minute.
error-provider-unavailable-title = The login service does not answer
error-provider-unavailable-text = You cannot log in with that account just now. Please try again in a little while, or log in with another account.
error-unavailable-title = We cannot answer just now
error-unavailable-text = The site is busy or being looked after. Please try again in a little while.
error-internal-title = Something went wrong on our side
error-internal-text = What you were doing may not be finished. Try again in a little while; if it keeps happening, tell the operator the request below.

# A login that ended because its token was used twice
alarm-title = Your login was used in two places
alarm-text = One of your earlier logins was used somewhere else too, so we logged that device out. This login is safe. Please look whether there is a device you do not know.
alarm-continue = Continue

# Devices
devices-title = Devices
devices-text = These devices are logged in to your account. Log out any you do not know: it is shut out from its next request on.
devices-all = See all devices
devices-current = This device
devices-revoke = Log out
devices-revoke-this = Log out here
devices-revoke-others = Log out all other devices
devices-others-title = Log out all other devices?
devices-others-text = Only this device stays; all others are logged out at once and have to log in again.
devices-cancel = Cancel
devices-revoked = That device is logged out.
devices-others-revoked = All other devices are logged out.
devices-only = You are not logged in anywhere else.

## Proving again who one is

again-title = Please confirm it is you
again-text = Before something that is hard to undo, { $provider } confirms once more who you are. If nothing happens, press Continue.
again-form-text = What you sent has not been done yet. Once you have confirmed who you are, the same page comes back. If nothing happens, press Continue.
onward = Continue
error-fresh-login-required-title = Please confirm it is you
error-fresh-login-required-text = This needs a login of the last ten minutes. Confirm who you are, then try again.
error-bad-gateway-title = A service behind this site is not set up correctly
error-bad-gateway-text = The site's settings have to be corrected first. Please tell the operator the code below.

# The desk: one user
admin-nav-dashboard = Dashboard
admin-nav-audit = History
person-back = Back to all users
person-you = You
person-id = ID
person-subject = Account
person-reason = Reason
person-no-reason = none was given
person-acts = What can be done
person-acts-me = Your own account cannot be changed here. Use your profile, or ask another admin.
person-linked-none = No linked account.
person-devices-none = Not logged in anywhere.
person-devices-count = { $count ->
    [one] Logged in on { $count } device
   *[other] Logged in on { $count } devices
  }
person-device = Device
person-logins = Logins
person-logins-none = No logins are kept.
person-login-state = Now
person-consents = Consents
person-trail = History of this user
person-trail-none = Nothing yet.
person-trail-all = See all of it
person-role-user = User
login-state-live = Logged in
login-state-expired = Expired
login-state-logged-out = Logged out
login-state-replaced = Replaced by a new login
login-state-reuse = Ended: used in two places
login-state-banned = Ended by suspension
login-state-ended = Ended

# The desk: what can be done to one user
act-approve = Approve
act-approve-title = Approve { $name }?
act-approve-text = They can log in right away.
act-approve-done = Approved. They can log in now.
act-unban = Lift suspension
act-unban-title = Lift the suspension of { $name }?
act-unban-text = They can log in again right away. Logins that the suspension ended stay ended.
act-unban-done = The suspension is lifted.
act-promote = Make admin
act-promote-title = Make { $name } an admin?
act-promote-text = An admin sees all users and the whole history, and can suspend and delete.
act-demote = Remove as admin
act-demote-title = Remove { $name } as admin?
act-demote-text = They can no longer open these pages, from now on. Account and logins stay as they are.
act-role-done = The role is changed.
act-end-sessions = Log out everywhere
act-end-sessions-title = Log { $name } out everywhere?
act-end-sessions-text = Every device is logged out at once. Unlike a suspension, they can log in again.
act-end-sessions-done = Logged out everywhere.
act-ban = Suspend
act-ban-title = Suspend { $name }?
act-ban-text = They are logged out everywhere at once and cannot log in again. You can lift it at any time.
act-ban-done = Suspended, and logged out everywhere.
act-reason-label = Reason
act-reason-hint = They see it as you write it when they try to log in. Left empty, they are told only that the account is suspended.
act-reason-too-long = This reason is too long. It can have up to 300 characters.
act-delete = Delete account
act-delete-title = Delete the account of { $name }?
act-delete-text = Profile, linked accounts and logins are removed for good. The history keeps a number that says nothing about them.
act-delete-done = The account is deleted.
act-confirm-label = To be sure, type exactly this
act-confirm-wrong = That is not the same. Type it as it stands above.
act-already = It was so already; nothing has changed.
outcome-banned-reason = Reason
error-last-admin-title = This is the last admin
error-last-admin-text = There must be at least one. Make somebody else an admin first, then try again.
error-last-identity-title = The link stays
error-last-identity-text = This is the only account you can log in with. Link another one first, or leave on your profile page.
error-yourself-title = Not on your own account
error-yourself-text = So that nobody shuts themselves out by accident, change your own account in your profile, or ask another admin.

# The desk: history
audit-title = History
audit-text = Who did what, when and from where. Nothing here can be changed or removed; it disappears after the time the settings say.
audit-total = { $count ->
    [one] { $count } line
   *[other] { $count } lines
  }
audit-total-more = More than { $count } lines
audit-search-label = About whom?
audit-search-hint = A user's ID, e-mail or kakao: and the member number, or the request number from a refusal.
audit-action-label = What happened?
audit-action-any = Anything
audit-actor-label = Who did it?
audit-actor-hint = A user's ID, e-mail or kakao: and the member number; cli for the command line, system for the program. What people did to themselves is found under “About whom?”.
audit-find = Find
audit-clear = Show everything
audit-none = Nothing matches
audit-none-text = Try fewer conditions, or check the address and the number.
audit-none-here = Nothing matches so far
audit-none-here-text = You can go on with older lines.
audit-older = Older lines
audit-newest = Back to the newest
lines-when = When
lines-what = What
lines-whom = Whom
lines-by = Who
lines-by-cli = Operator (command line)
lines-by-system = The program
lines-where = Where
lines-request = Request
line-name-chosen = their own
line-name-providers = as the login service says
action-login-ok = Logged in
action-login-created = Joined and logged in
action-login-again = Confirmed who they are
action-login-refused = Login refused
action-login-waits = Asked to join
action-logout = Logged out
action-session-revoked = Logged one device out
action-session-others-revoked = Logged all other devices out
action-session-refused = Renewal of a login refused
action-session-reuse = Ended a login used in two places
action-session-stale = Ended an outdated login
action-sessions-ended = Logged out by an operator
action-profile-name = Changed the display name
action-user-read = Looked at a user
action-user-approve = Approved
action-user-ban = Suspended
action-user-unban = Suspension lifted
action-user-delete = Deleted
action-role-change = Role changed
action-users-search = Searched users
action-users-export = Exported users
action-audit-read = Searched the history
action-provider-rebind = Accepted another app of a login service
action-key-rotate = Signing key rotated
action-key-retire = Signing key retired
action-key-import = Signing key imported
action-profile-export = Downloaded their data
action-user-leave = Left
action-user-come-back = Came back
action-user-erase = Erased after the days of grace
action-identity-unlink = Ended a link
action-notice-unlink = The login service said that the link ended there
action-notice-sessions = The login service said to end the sessions
action-reconcile-run = Compared with the login service's list of linked people
action-reconcile-refused = Did not believe the login service's list; nothing changed
action-reconcile-close = Closed: missing from the login service's list
action-reconcile-mark = Missing from the login service's list
action-reconcile-return = On the login service's list again
action-reconcile-remove = Removed the account that was missing from the login service's list
action-outbox-given-up = Gave up telling
action-events-replay = Had events told again
## Logging out while the database is away

logout-incomplete-title = You are logged out in this browser
logout-incomplete-text = We could not write it down just now. As soon as the server can, this login ends everywhere. If you worry, log in again in a while and look at your devices.

# The desk: dashboard
number = { $count }
dashboard-title = Dashboard
dashboard-zone = The last 90 days, as days of { $zone }
dashboard-logins-today = Logins today
dashboard-sign-ups-today = Sign-ups today
dashboard-failures-today = Failed logins today
dashboard-devices = Devices in use now
dashboard-lag = Logins and sign-ups are added about 30 seconds later. Devices are those used within five minutes.
dashboard-sum = { $count } in 90 days
dashboard-logins = Logins
dashboard-sign-ups = Sign-ups
dashboard-failures = Failed logins
dashboard-table = The numbers of each day as a table
dashboard-day = Day
dashboard-providers = Logins by provider
dashboard-reasons = Why logins failed
dashboard-reason = Reason
dashboard-number = Number
dashboard-nothing = Nothing yet.
## Linked accounts, and a new one that could be linked

identities-title = Linked accounts
identities-text = Log in with any of these accounts; they all lead to the same profile.
identities-all = All linked accounts
identities-current = logged in with this one
identities-linked = The account is linked.
identities-link-heading = Link another account
identities-link-text = You go on to that account's login. Several accounts of one service can be linked too.
identities-link = Link { $provider }
link-onward-title = Linking an account
link-onward-text = Log in to the { $provider } account you want to link. If nothing happens, press Continue.
offer-title = You already joined with { $provider }
offer-email = Somebody here already uses { $name }.
offer-text = If that is you, log in with { $provider } to link the two accounts. From then on either leads to the same profile.
offer-join = Log in with { $provider } and link
offer-apart = Start separately
offer-apart-text = Starting separately makes a new profile with the { $provider } account alone. The two will not be linked.
offer-onward-title = Log in with the account you have
offer-onward-text = Once you have logged in with { $provider }, the two accounts are linked. If nothing happens, press Continue.
action-identity-link = Account linked

# The list: search and filters
users-total-about = About { $number } people
about-round = { $whole }
about-thousands = { $whole }
about-ten-thousands = { $whole }
about-millions = { $millions } million
users-too-short = A little more, please
users-too-short-text = Korean is found from one syllable on, Latin letters, digits and e-mails from three characters on.
users-none-here = Nobody on this page matches
users-none-here-text = The next page goes on looking.
users-filters = Filters and order
users-filter-status = Standing
users-filter-role = Role
users-filter-provider = Linked account
users-filter-email = E-mail
users-any-status = Any standing
users-any-role = Any role
users-any-provider = Any account
users-any-email = Any e-mail
users-role-user = User
users-email-verified = Verified
users-email-unverified = Not verified
users-email-none = None
users-sort-label = Order
users-sort-newest = Joined last
users-sort-seen = Logged in last
users-sort-name = By name
users-sort-note = A search is always shown with those who joined last first.
users-export = Download this list
users-export-reason = Why you need it
users-export-hint = The reason goes into the history. You get everybody who matches, as a CSV file. If your login is older than ten minutes, you log in again first.
users-export-button = Download CSV
users-csv-verified = E-mail verified
users-csv-yes = yes
users-csv-no = no
users-joined-from = Joined from
users-joined-to = Joined until
users-seen-from = Last login from
users-seen-to = Last login until

## Inside another app's browser

way-out-text = You cannot log in with { $provider } inside { $app }. Open this page in your phone's browser.
way-out = Open in the browser
## Ending a link, leaving, taking one's data along

unlink-heading = End a link
unlink-title = End the link with your { $provider } account?
unlink-sessions = Every login that began with this account ends at once.
unlink-own = So does this one; log in again with an account that is left.
unlink-last = This is the only account you can log in with, so the link stays. Link another account first, or leave if you no longer want yours.
unlink-button = End the link
unlink-back = To my linked accounts
unlinked-heading = End a link
unlinked-title = The link with your { $provider } account has ended
unlinked-own = This login began with that account and has ended with it. Log in again with an account that is left.
promise-told = { $provider } is told that the link has ended. There is nothing more to do.
promise-not-told = The link on the side of { $provider } cannot be ended from here. Please end it there yourself.
promise-page = Linked services at { $provider }
promise-in-line = In the LINE app: Settings > Account > Authorized apps.
promise-again = Telling { $provider } takes a recent login with it: log in once more, and it can be told.
promise-again-link = Log in again with { $provider }
export-link = Download my data
export-text = Everything that is stored here about you, in one JSON file.
leave-heading = My data, and leaving
leave-link = Leave
leave-link-text = First you see what is erased.
leave-title = Do you really want to leave?
leave-at-once = Everything is erased at once, and nothing brings it back.
leave-grace = { $count ->
    [one] You are logged out at once, and everything is erased after { $count } day. Until then you can bring your account back by logging in.
   *[other] You are logged out at once, and everything is erased after { $count } days. Until then you can bring your account back by logging in.
}
leave-what-goes = What happens
leave-goes-profile = Your profile is erased, with name and picture.
leave-goes-accounts = Your linked accounts are erased, with the e-mails they brought.
leave-goes-sessions = You are logged out on every device.
leave-stays = The history keeps a number that says nothing about who you were.
leave-export-first = Download my data first
leave-button = Leave
farewell-title = You have left
farewell-erased = Your profile and your linked accounts are erased. Thank you for having been here.
farewell-closed = Everything is erased on { $name }. If you change your mind, log in before that.

## What waits to be told

admin-nav-outbox = Outbox
outbox-title = Outbox
outbox-text = Telling login services that links have ended, and the operator's programs what happened. What fails is tried again, and given up after seven days.
outbox-all = All
outbox-waiting = Waiting
outbox-done = Told
outbox-given-up = Given up
outbox-none = Nothing to tell
outbox-none-text = When somebody leaves or ends a link, or the operator's programs are to be told of something, it shows here.
outbox-what = What
outbox-unlink = Tell { $provider } that a link has ended
outbox-event = Event { $event }
outbox-state = State
outbox-tries = Failures
outbox-next = Next try, or when it ended
outbox-under-way = under way
## How the outbox and the notices are doing
health-post = Outbox
health-waiting = Waiting
health-retrying = Failed, being tried again
health-oldest = Oldest that waits
health-given-up = Given up in the last 7 days
health-more = more than { $count }
health-post-all = Everything in the outbox
health-notices = Notices from login services
health-notices-none = No login service in use sends notices.
health-notices-text = The last 90 days. Login services tell when somebody ends a link or an account changes. Those that were refused are listed with the reason.
health-from = From
health-heard = Received
health-refused = Refused
health-last = Last received
health-never = none yet
notice-refusal-invalid-request = not in the right form
notice-refusal-invalid-key = signature not right
notice-refusal-invalid-issuer = of another sender
notice-refusal-invalid-audience = for another app
notice-refusal-webhook-key = wrong admin key or app id
notice-refusal-webhook-signature = signature not right
notice-refusal-bad-request = not in the right form
notice-refusal-too-many-requests = too many
notice-refusal-too-large = too large
notice-refusal-too-slow = too slow
notice-refusal-unavailable = not done in time
notice-refusal-internal = failed here
## What providers are to be told about one person
person-unlinks = Ended links to tell providers of
person-unlinks-none = There is nothing to tell.
person-unlinks-whom = Whom to tell

# Admin: what was agreed to at a login service
person-consents-text = As the login service told at a login. What was changed there since is known at the next one.
person-consents-nothing = Nothing, says the login service.
person-consents-untold = This login service did not say what was agreed to.
person-consents-since = Last changed
person-devices-shown = the { $count } used last are shown
consent-openid = Login check (OpenID)
consent-profile-nickname = Nickname
consent-profile-image = Profile picture
consent-account-email = Kakao Account (e-mail)
consent-name = Name
consent-gender = Gender
consent-age-range = Age range
consent-birthday = Birthday
consent-birthyear = Year of birth
consent-phone-number = Kakao Account (phone number)
consent-account-ci = CI (connecting information)
consent-shipping-address = Shipping address
consent-plusfriends = KakaoTalk channels added
consent-friends = Friends in Kakao services
consent-talk-message = Sending KakaoTalk messages
consent-profile = Profile
consent-email = E-mail
lines-by-self = themselves
trace-q = text
trace-id = ID
trace-identity = member number
trace-email = part of an e-mail
trace-words = part of a name or e-mail
trace-too-short = too short a text
trace-joined = day of sign-up
trace-seen = last login
users-filters-apply = Show these
dashboard-no-logins = Nobody logged in within 90 days.
dashboard-no-sign-ups = Nobody signed up within 90 days.
dashboard-no-failures = No login failed within 90 days.
