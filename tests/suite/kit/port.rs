//! Ports nobody else takes before a program of ours listens on them.
//!
//! A port the system hands out for `:0` is free only until it hands it out again, to a listener or to any connection anybody
//! opens: with hundreds of tests beside each other that happens. These are below the range it hands out from (32768 on Linux)
//! and below those of `scripts/postgres`, and each is given once.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 10_000;
const AFTER: u16 = 20_000;

/// Two runs beside each other begin at different places.
static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| {
    let place = std::process::id().wrapping_mul(397) % u32::from(AFTER - FIRST);
    AtomicU16::new(u16::try_from(place).expect("less than the range"))
});

pub(crate) fn free_port() -> u16 {
    loop {
        let port = FIRST + NEXT.fetch_add(1, Ordering::Relaxed) % (AFTER - FIRST);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

pub(crate) fn free_address() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, free_port()).into()
}
