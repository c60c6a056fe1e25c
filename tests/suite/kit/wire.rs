//! A connection on which a test says exactly the bytes it wants to.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) struct Wire(TcpStream);

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) text: String,
    /// When the server closed the connection, if it did.
    pub(crate) closed: Option<Duration>,
}

impl Heard {
    /// The status of every answer, in their order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let heads = self.text.split("HTTP/1.1 ").skip(1);
        heads.filter_map(|head| head.get(..3)?.parse().ok()).collect()
    }
}

impl Wire {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    /// False when the server has closed already.
    pub(crate) async fn say(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    /// Everything until the server closes, or until `limit` is over.
    pub(crate) async fn hear(&mut self, limit: Duration) -> Heard {
        hear(&mut self.0, limit).await
    }
}

async fn hear(from: &mut (impl AsyncRead + Unpin), limit: Duration) -> Heard {
    let begun = Instant::now();
    let (mut bytes, mut part) = (Vec::new(), [0; 16 * 1024]);
    let closed = loop {
        let left = limit.saturating_sub(begun.elapsed());
        match tokio::time::timeout(left, from.read(&mut part)).await {
            Ok(Ok(0) | Err(_)) => break Some(begun.elapsed()),
            Ok(Ok(count)) => bytes.extend_from_slice(&part[..count]),
            Err(_elapsed) => break None,
        }
    };
    Heard { text: String::from_utf8_lossy(&bytes).into_owned(), closed }
}

/// Says all of it and hears what comes back within `limit`, speaking and listening at once as a flood needs.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8], limit: Duration) -> Heard {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut read, mut write) = stream.into_split();
    let bytes = bytes.to_vec();
    let speaking = tokio::spawn(async move {
        // A server that has heard enough closes.
        drop(write.write_all(&bytes).await);
        write
    });
    let heard = hear(&mut read, limit).await;
    speaking.abort();
    heard
}
