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
demo-hint = Practice mode: you log in with a stand-in, not with the real Kakao.
small-print-code = Code
small-print-request = Request

## Providers

provider-kakao = Kakao
# Fixed by Kakao's button guide, like its colours.
button-kakao = Login with Kakao

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
users-search-hint = The exact name, e-mail or ID, or kakao: and the member number.
users-search-button = Find
users-search-clear = Show everyone
users-none-found = Nobody matches
users-none-found-text = A name, e-mail or number is found only when it is exactly the same. Check the spaces, too.
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
users-newer = Newer users
users-older = Older users
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
