### The practice providers.

sim-name = Practice { $name }
sim-banner = Practice { $name } — this is not a real login
sim-foot = A practice page that only this computer can open. It exchanges nothing with the real { $name }, and forgets everything when it stops.
sim-to-site = Go to the practice site

## Front page

sim-index-title = A place to practise logging in
sim-index-text = This server answers in the place of Kakao, Naver, Google, GitHub, Apple, LINE and an issuer of its own. There are no passwords. Press a login button on the site and you come here to choose which of these people you want to be.
sim-index-people = People you can be
sim-index-programs = Addresses for programs
sim-index-programs-text = Kakao is at the root of this address, each other provider below a path of its own; both are login server and API server at once.

## Who do you want to be?

sim-people-title = Who do you want to be?
sim-people-text = All of them are made up. Choose one, and it goes on as if you had logged in to that person’s { $name } account.
sim-people-always = The real { $name } does not ask again when you are already logged in. This one always asks, so that you can practise. Somebody who has agreed before goes straight back, without the consent page.
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
sim-consent-ticked = Ticked for you, to make practising easy; the real { $name } may leave these empty. Untick what you do not want to send.
sim-consent-nothing = There is nothing new to agree to. You are only linked with the site.
sim-item-nickname = Nickname
sim-item-picture = Profile picture
sim-item-email = Kakao account (e-mail)
sim-agree = Agree and continue
sim-cancel = Cancel

## Log out

sim-logout-title = Where do you want to log out?
sim-logout-text = You are already logged out of the site. You can log out of the practice Kakao account as well.
sim-logout-service = Only this service
sim-logout-account = The Kakao account as well

## Refusals

sim-refusal-title = Bad request
sim-refusal-unheard = The real { $name }, too, shows such errors on its own page only and never tells the site.
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
sim-over-text = It began more than 30 minutes ago, or the practice provider was restarted. Please start again on the site.
sim-nothing-title = No such address
sim-nothing-text = The practice provider has nothing here.

## Weather

sim-weather-link = Practise failures
sim-weather-link-text = See what the site does when a provider is slow, silent, or answers nonsense.
sim-weather-title = Bad weather
sim-weather-text = Choose what goes wrong at each address, then log in at the site. It should show a page that says whose turn it is, and nobody should be logged in.
sim-weather-stormy = Something is set to go wrong now.
sim-weather-clear-now = Everything is fine now.
sim-weather-authorize = Login page
sim-weather-token = Getting tokens
sim-weather-keys = Public keys of ID tokens
sim-weather-discovery = What it says about itself
sim-weather-emails = The list of addresses
sim-weather-revoke = Ending a link
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

sim-weather-providers = Providers
sim-weather-id-token = ID tokens
sim-weather-rotate = Replace the signing keys now

## ID tokens a site must refuse, and one that is right

sim-twist-nonce-wrong = Of another login (nonce)
sim-twist-nonce-missing = Without a nonce
sim-twist-iss-wrong = By another issuer
sim-twist-iss-slash = Issuer with a slash too many
sim-twist-iss-missing = Without an issuer
sim-twist-aud-wrong = For another site
sim-twist-aud-missing = For nobody
sim-twist-aud-two = For two sites, handed to the other
sim-twist-sub-missing = About nobody
sim-twist-sub-empty = About an empty name
sim-twist-expired = Expired
sim-twist-exp-missing = Without an end
sim-twist-iat-missing = Without a beginning
sim-twist-iat-future = From the future
sim-twist-alg-none = Unsigned, and says so
sim-twist-public-key = Signed with the public key as a secret
sim-twist-stranger = Signed by a stranger
sim-twist-no-signature = With the signature cut off
sim-twist-kid-unknown = By a key nobody shows
sim-twist-crit = With a critical header nobody understands
sim-twist-secevent = A notice instead of an ID token
sim-twist-aud-list = Right: audience as a list

## Habits

sim-habit-on = On
sim-habit-off = Off
sim-habit-openid = Issues ID tokens
sim-habit-callback-issuer = Names itself on the way back (iss)
sim-habit-expiring-tokens = Tokens end, and refresh tokens come
sim-habit-email = May hand out addresses
sim-habit-state-again = Wants the state again at the token endpoint
sim-habit-basic-only = Takes the secret in the header only
sim-habit-post-only = Takes the secret in the body only
sim-habit-pkce = Refuses a login without PKCE

## Providers

sim-provider-all = login providers
sim-provider-kakao = Kakao
sim-provider-naver = Naver
sim-provider-google = Google
sim-provider-github = GitHub
sim-provider-apple = Apple
sim-provider-line = LINE
sim-provider-oidc = OpenID
sim-index-linked = { $count ->
    [one] 1 linked
   *[other] { $count } linked
  }
sim-unlink = Unlink here

## The way back that posts itself

sim-posted-title = Going back to the site
sim-posted-text = Apple hands its answer over by a form that posts itself. If nothing happens, press the button.
sim-posted-button = Go on

## Refusals in plain words

sim-wrong-client = There is no such client. Check client_id.
sim-wrong-redirect = This address to return to is not registered. It has to be registered in { $name }’s console, letter by letter.
sim-wrong-response-type = This response_type is not supported. Only code is.
sim-wrong-scope = The request names scopes that { $name } does not know. These:
sim-wrong-missing = A required value is missing:
sim-wrong-value = A value cannot be used:
sim-wrong-person = The app is still in development, and this person is not one of its testers.

## What may be sent

sim-item-name = Name
sim-item-address = E-mail address
sim-item-my-address = My e-mail address (unticked: a relay address of Apple’s)
sim-item-contact-email = Contact e-mail
sim-item-addresses = E-mail addresses (read)
sim-item-name-and-picture = Name and picture
sim-item-private-profile = The whole profile (read)

## What is special about the others

sim-note-ordinary-naver = Ordinary; Naver never says whether an e-mail is verified
sim-note-external-mail = Has set an address elsewhere as contact e-mail
sim-note-no-name = Has no name and no nickname
sim-note-digits-id = Has an id of digits, as in apps from before May 2021
sim-note-64-characters = Has an id of 64 characters with - _ =
sim-note-not-a-tester = Is not a tester, so the login stops at the provider
sim-note-gmail = A gmail.com address
sim-note-organisation = An address of the organisation the account belongs to
sim-note-foreign-mailbox = An address elsewhere, proved once long ago
sim-note-other-domain = Belongs to an organisation, but the address is elsewhere
sim-note-bare-google = Without name and picture
sim-note-null-name = Has no name, and a number a JavaScript number cannot hold
sim-note-unverified-primary = Never verified the main address
sim-note-no-list = Keeps no list of addresses (404)
sim-note-second-page = Has the main address on the second page of the list
sim-note-public-mail = Shows somebody else’s address on the public profile
sim-note-suspended = The app is suspended for this person
sim-note-emoji-github = Has emoji in the name
sim-note-string-flags = Flags come as texts
sim-note-relay = Always hides the address behind a relay
sim-note-managed = A work or school account: the address is not verified
sim-note-never-named = Never says a name
sim-note-ordinary-line = Ordinary; LINE never says whether an e-mail is verified
sim-note-no-picture = Has no picture
sim-note-wrong-browser = Comes back in another browser, with a strange code and state
sim-note-odd-subject = Has a subject with a bar in it
sim-note-bare-oidc = Has the subject 007, no name, and an e-mail nobody says anything about

## Notices

sim-notices-link = Send notices
sim-notices-title = Notices to the site
sim-notices-text = Providers tell a site when somebody unlinks it, closes an account or loses a password. Send any of these yourself, right or forged, and see what the site answers.
sim-notices-none = { $name } sends no notices.
sim-notices-person = About whom
sim-notices-nobody = Somebody the site does not know (1)
sim-notices-what = What
sim-notices-how = How
sim-notices-send = Send it
sim-notices-again = Send the newest once more, unchanged
sim-notices-sent = Sent
sim-notices-silence = no answer
sim-notices-heard = What the site asked here
sim-notices-heard-nothing = Nothing yet.
sim-variation-plain = As it should be
sim-variation-by-get = By GET
sim-variation-in-query = With its parameters in the query
sim-variation-audience-list = Right: audience as a list
sim-variation-ended = Right: it says it ended, which facts cannot
sim-variation-events-object = Right: events as an object
sim-variation-milliseconds = Right: times in milliseconds
sim-variation-unknown-event = An event nobody knows
sim-variation-wrong-key = Forged: by somebody else’s key
sim-variation-no-key = Forged: without key or signature
sim-variation-wrong-app = Forged: for another app
sim-variation-wrong-issuer = Forged: by another issuer
sim-variation-issuer-slash = Forged: issuer with a slash too many or too few
sim-variation-unknown-kid = Forged: by a key nobody shows
sim-variation-alg-none = Forged: unsigned, and says so
sim-variation-public-key = Forged: signed with the public key as a secret
sim-variation-wrong-time = Forged: from the wrong time
sim-variation-id-token = Forged: an ID token in its place
sim-variation-tampered = Forged: changed after signing
sim-variation-no-subject = Malformed: about nobody
sim-variation-nonsense = Malformed: not a token at all
