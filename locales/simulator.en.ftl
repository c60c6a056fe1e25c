### The practice provider.

sim-name = Practice Kakao
sim-banner = Practice Kakao — this is not a real login
sim-foot = A practice page that only this computer can open. It exchanges nothing with the real Kakao, and forgets everything when it stops.
sim-to-site = Go to the practice site

## Front page

sim-index-title = A place to practise logging in with Kakao
sim-index-text = This server answers in Kakao’s place. There are no passwords. Press the Kakao button on the site and you come here to choose which of these people you want to be.
sim-index-people = People you can be
sim-index-programs = Addresses for programs
sim-index-programs-text = This one address is both the login server and the API server.

## Who do you want to be?

sim-people-title = Who do you want to be?
sim-people-text = All of them are made up. Choose one, and it goes on as if you had logged in to that person’s Kakao account.
sim-people-always = The real Kakao does not ask again when you are already logged in. This one always asks, so that you can practise. Somebody who has agreed before goes straight back, without the consent page.
sim-tag-here = Logged in here
sim-tag-linked = Linked
sim-note-ordinary = Ordinary, with a verified e-mail
sim-note-admin = Becomes the admin of this practice site
sim-note-no-email = Has no e-mail in the account
sim-note-unverified = Never verified the e-mail
sim-note-masked = Another account took the e-mail over, so it comes masked
sim-note-default-picture = Has the default profile picture
sim-note-bare = Comes with a member number and nothing else
sim-note-long-id = Has a member number of 19 digits
sim-note-emoji = Has emoji and U+0000 in the name
sim-note-under-14 = Is under 14, so the login is refused

## Do you agree?

sim-consent-title = Send this to the site?
sim-consent-required = Required
sim-consent-optional = Optional
sim-consent-ticked = Ticked for you, to make practising easy; the real Kakao leaves these empty. Untick what you do not want to send.
sim-consent-nothing = There is nothing new to agree to. You are only linked with the site.
sim-item-nickname = Nickname
sim-item-picture = Profile picture
sim-item-email = Kakao account (e-mail)
sim-item-other = Something else the site asked for
sim-agree = Agree and continue
sim-cancel = Cancel

## Log out

sim-logout-title = Where do you want to log out?
sim-logout-text = You are already logged out of the site. You can log out of the practice Kakao account as well.
sim-logout-service = Only this service
sim-logout-account = The Kakao account as well

## Refusals

sim-refusal-title = Bad request
sim-refusal-unheard = The real Kakao, too, shows such errors on its own page only and never tells the site.
sim-koe006 = The redirect URI is not registered. The address below has to be registered in the app’s settings at Kakao Developers, letter by letter.
sim-koe007 = The logout redirect URI is not registered. Register the address below in the app’s settings.
sim-koe008 = This kind of app key cannot log people in. Use the REST API key.
sim-koe101 = There is no such app key. Check that client_id is the REST API key.
sim-koe201 = This response_type is not supported. Only code is.
sim-koe202 = response_type=token cannot be used. Use code.
sim-koe205 = The request asks for consent items that are not set up for the app. These are not:
sim-koe207 = A required value is missing.
sim-koe-other = The request holds a value that cannot be used.
sim-over-title = This login is over
sim-over-text = It began more than 30 minutes ago, or the practice Kakao was restarted. Please start again on the site.
sim-nothing-title = No such address
sim-nothing-text = The practice Kakao has nothing here.

## Weather

sim-weather-link = Practise failures
sim-weather-link-text = See what the site does when Kakao is slow, silent, or answers nonsense.
sim-weather-title = Bad weather
sim-weather-text = Choose what goes wrong at each address, then log in at the site. It should show a page that says whose turn it is, and nobody should be logged in.
sim-weather-stormy = Something is set to go wrong now.
sim-weather-clear-now = Everything is fine now.
sim-weather-authorize = Login page
sim-weather-token = Getting tokens
sim-weather-keys = Public keys of ID tokens
sim-weather-profile = Who the person is
sim-weather-token-info = About a token
sim-weather-fair = Fine
sim-weather-closed = Closes the connection without an answer
sim-weather-silent = Silent for a minute
sim-weather-slow = The right answer after 5 seconds
sim-weather-trickle = One byte a second
sim-weather-html = A web page with status 200
sim-weather-truncated = Half of the JSON
sim-weather-wrong-types = Values of other types
sim-weather-huge = 10 MiB
sim-weather-redirect = A redirect to another host
sim-weather-mislabelled = The right answer, called a picture
sim-weather-compressed = A compression nobody asked for
sim-weather-cut = Breaks off in the middle
sim-weather-clock = The clock that writes ID tokens
sim-weather-clock-right = Right
sim-weather-clock-ahead = 10 minutes ahead
sim-weather-clock-behind = 10 minutes behind
sim-weather-once = For the next call only
sim-weather-set = Make it so
sim-weather-clear = Everything fine again
