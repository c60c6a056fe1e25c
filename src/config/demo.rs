//! What the practice provider and a demo site agree on. Nothing here opens any door: it is used on loopback alone,
//! against the simulator alone, on a database that never holds real people.

/// The REST API key of the practice app.
pub const CLIENT_ID: &str = "f1111117000000000000000000000de0";

/// Its client secret.
pub const CLIENT_SECRET: &str = "practice-secret-of-the-simulator";

/// Where the practice app's phone app is sent back to, as Kakao's SDKs have it (`kakao<native app key>://oauth`).
pub const NATIVE_REDIRECT_URI: &str = "kakaof1111117000000000000000000000da6://oauth";

/// Its number.
pub const APP_ID: i64 = 1_117_117;

/// Its admin key.
pub const ADMIN_KEY: &str = "ad0000000000000000000000000000de";

/// The person of the simulator who becomes the demo's admin.
pub const ADMIN_SUBJECT: &str = "3900000001";

/// A practice app at one of the other providers: what its console would show.
#[derive(Clone, Copy, Debug)]
pub struct PracticeApp {
    /// Under which path of the simulator the provider is played; its real paths follow. Its issuer, too, is the
    /// simulator's origin and this.
    pub prefix: &'static str,
    /// Its client id.
    pub client_id: &'static str,
    /// Its client secret; Apple's apps have a key instead.
    pub client_secret: &'static str,
}

/// At Naver.
pub const NAVER: PracticeApp =
    PracticeApp { prefix: "/naver", client_id: "jyvPractice0V_mV", client_secret: "naverPract" };

/// At Google.
pub const GOOGLE: PracticeApp = PracticeApp {
    prefix: "/google",
    client_id: "1117117117117-practice.apps.googleusercontent.com",
    client_secret: "GOCSPX-practice-of-the-simulator",
};

/// At GitHub.
pub const GITHUB: PracticeApp = PracticeApp {
    prefix: "/github",
    client_id: "Ov23liPracticeApp0de",
    client_secret: "f1111117f1111117f1111117f1111117f1111117",
};

/// At Apple: the id of the Services ID.
pub const APPLE: PracticeApp = PracticeApp { prefix: "/apple", client_id: "kr.fiiiiilm.practice", client_secret: "" };

/// Apple's team.
pub const APPLE_TEAM_ID: &str = "PRACTICE17";

/// Which of the team's keys [`APPLE_PRIVATE_KEY`] is.
pub const APPLE_KEY_ID: &str = "PRACTKEY17";

/// The key that signs Apple's client secrets, as its console hands it out (PKCS#8, P-256).
pub const APPLE_PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOyWvi8IM4H8lZUaE
KEj4VfYWQrw5oAFHQY3LqeyeU5KhRANCAAQ6HV6GDxXZb1z6tR6jgXbSXu1Br8L+
Vq74JNUSFPvklGH61s5x4KUmokPob0Dr+w+pdSaz5Ca6ZJWvFZTE72X+
-----END PRIVATE KEY-----
";

/// At LINE: a channel.
pub const LINE: PracticeApp =
    PracticeApp { prefix: "/line", client_id: "1117117117", client_secret: "0de0f1111117f1111117f1111117a1f0" };

/// At the issuer nobody has a file for. A colon in an id is legal and breaks clients that forget to encode it in Basic.
pub const OIDC: PracticeApp =
    PracticeApp { prefix: "/oidc", client_id: "practice:client", client_secret: "practice+secret/of=the%simulator" };
