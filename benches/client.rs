//! Visitors: just enough of a browser to log in, light enough to share two cores with what is measured.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use url::Url;

use super::site::authority;

/// A connection that stays open.
pub(crate) struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The cookies it sets, as a browser sends them back.
    fn cookies(&self) -> String {
        let set = self.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }

    fn field(&self, name: &str) -> String {
        let page = String::from_utf8_lossy(&self.body).into_owned();
        let tag = page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap().to_owned();
        tag.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

impl Line {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self::on(TcpStream::connect(address).await.unwrap())
    }

    /// From this address of our own, all of 127.0.0.0/8 being ours.
    pub(crate) async fn open_from(source: IpAddr, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((source, 0).into()).unwrap();
        Self::on(socket.connect(address).await.unwrap())
    }

    fn on(stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads its whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Answer {
        self.try_ask(request).await.unwrap()
    }

    /// The same on a connection that the other end may close.
    pub(crate) async fn try_ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            self.more().await?;
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.buffer[..end + 2]).into_owned();
            let status = head.get(9..12).unwrap().parse().unwrap();
            let mut answer = Answer { status, head, body: Vec::new() };
            let length: usize = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            while self.buffer.len() < end + 4 + length {
                self.more().await?;
            }
            answer.body = self.buffer[end + 4..end + 4 + length].to_vec();
            return Ok(answer);
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed")),
            _some => Ok(()),
        }
    }

    async fn get(&mut self, target: &str, host: &str, cookies: &str) -> Answer {
        self.ask(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n").as_bytes()).await
    }

    async fn post(&mut self, target: &str, host: &str, cookies: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        );
        self.ask(request.as_bytes()).await
    }
}

/// Path and query of an address, or of a path.
fn target(address: &str) -> String {
    Url::parse(address).map_or_else(|_path| address.to_owned(), |url| url[url::Position::BeforePath..].to_owned())
}

/// Visitors so far: each is somebody else, or they would wait for each other's rows as nobody's visitors do.
static VISITORS: AtomicUsize = AtomicUsize::new(0);

/// How many people the practice provider has whom no page lists, and the number of the first.
const CROWD: (usize, usize) = (1_000, 3_910_000_000);

/// Somebody who is logged in at the provider.
pub(crate) struct Visitor {
    person: String,
    site: Line,
    provider: Line,
    provider_host: String,
    provider_cookies: String,
}

impl Visitor {
    pub(crate) async fn new(site: SocketAddr, provider: SocketAddr) -> Self {
        let (line, provider_host) = (Line::open(provider).await, provider.to_string());
        let person = (CROWD.1 + VISITORS.fetch_add(1, Ordering::Relaxed) % CROWD.0).to_string();
        Self { person, site: Line::open(site).await, provider: line, provider_host, provider_cookies: String::new() }
    }

    /// A browser that was opened just now, at this address, by somebody who is still logged in at the provider.
    pub(crate) async fn opened(&mut self, source: IpAddr, site: SocketAddr, provider: SocketAddr) {
        self.site = Line::open_from(source, site).await;
        self.provider = Line::open(provider).await;
    }

    /// A whole login in a browser without cookies; returns those it ends with.
    pub(crate) async fn log_in(&mut self) -> String {
        let started = self.site.get("/login/kakao", &authority(), "").await;
        let authorize = target(started.header("location").unwrap());
        let back =
            if self.provider_cookies.is_empty() { self.agree(&authorize).await } else { self.pass(&authorize).await };
        let finished = self.site.get(&target(&back), &authority(), &started.cookies()).await;
        assert_eq!(finished.status, 303, "{}{}", finished.head, String::from_utf8_lossy(&finished.body));
        finished.cookies()
    }

    /// Who that is: `provider:subject`.
    pub(crate) fn subject(&self) -> String {
        format!("kakao:{}", self.person)
    }

    async fn agree(&mut self, authorize: &str) -> String {
        let host = self.provider_host.clone();
        let people = self.provider.get(authorize, &host, "").await;
        self.provider_cookies = people.cookies();
        let (cookies, request) = (self.provider_cookies.clone(), people.field("request"));
        let form = [("request", request.as_str()), ("person", self.person.as_str())];
        let chosen = self.provider.post("/oauth/authorize/person", &host, &cookies, &form).await;
        let next = chosen.header("location").unwrap().to_owned();
        if !next.contains("/oauth/authorize/consent") {
            return next;
        }
        let asked = self.provider.get(&target(&next), &host, &cookies).await;
        let request = asked.field("request");
        let form = [("request", request.as_str()), ("decision", "agree"), ("scope", "account_email")];
        let agreed = self.provider.post("/oauth/authorize/consent", &host, &cookies, &form).await;
        agreed.header("location").unwrap().to_owned()
    }

    /// The provider knows this browser and asks nothing.
    async fn pass(&mut self, authorize: &str) -> String {
        let (host, cookies) = (self.provider_host.clone(), self.provider_cookies.clone());
        let passed = self.provider.get(&format!("{authorize}&prompt=none"), &host, &cookies).await;
        passed.header("location").unwrap().to_owned()
    }

    /// The body of a page.
    pub(crate) async fn page(&mut self, path: &str, cookies: &str) -> Vec<u8> {
        let answer = self.site.get(path, &authority(), cookies).await;
        assert_eq!(answer.status, 200, "{}", answer.head);
        answer.body
    }
}

/// An admin, who reads pages over one connection.
pub(crate) struct Admin {
    site: SocketAddr,
    line: Line,
    cookies: String,
}

impl Admin {
    /// Whose cookies these are.
    pub(crate) async fn new(site: SocketAddr, cookies: String) -> Self {
        Self { site, line: Line::open(site).await, cookies }
    }

    /// A page, which has to be there.
    pub(crate) async fn page(&mut self, path: &str) -> String {
        let answer = self.line.get(path, &authority(), &self.cookies).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.head);
        String::from_utf8(answer.body).unwrap()
    }

    /// Reads an answer of unknown length piece by piece, over a connection of its own.
    pub(crate) async fn stream(&self, path: &str, mut each: impl FnMut(&[u8])) {
        let mut stream = TcpStream::connect(self.site).await.unwrap();
        // To HTTP/1.0 the body comes bare, until the connection ends.
        let request = format!("GET {path} HTTP/1.0\r\nHost: {}\r\nCookie: {}\r\n\r\n", authority(), self.cookies);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut buffer = Vec::with_capacity(64 * 1024);
        let mut in_body = false;
        while stream.read_buf(&mut buffer).await.unwrap() > 0 {
            if !in_body {
                let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
                assert!(buffer.get(8..12) == Some(b" 200"), "{path}: {}", String::from_utf8_lossy(&buffer[..end]));
                buffer.drain(..end + 4);
                in_body = true;
            }
            each(&buffer);
            buffer.clear();
        }
    }
}

/// So many logins by so many clients at once; how many were answered.
pub(crate) async fn logins(site: SocketAddr, provider: SocketAddr, clients: usize, wanted: usize) -> u32 {
    let left = Arc::new(AtomicUsize::new(wanted));
    let work = (0..clients).map(|_| {
        let left = left.clone();
        tokio::spawn(async move {
            let mut visitor = Visitor::new(site, provider).await;
            let mut done = 0;
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                visitor.log_in().await;
                done += 1;
            }
            done
        })
    });
    let mut done = 0;
    for client in work.collect::<Vec<_>>() {
        done += client.await.unwrap();
    }
    done
}
