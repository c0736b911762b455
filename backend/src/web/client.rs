//! Who is at the other end, as far as the network and trusted proxies tell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;

use crate::state::State;

/// The address of the client: the peer's, or, when the peer is a trusted proxy, the last address in `X-Forwarded-For`
/// that is not one. Whatever a client writes there itself stands further left and is not believed: not even when the last one
/// cannot be read.
pub fn address(request: &HttpRequest, state: &State) -> IpAddr {
    let trusted = |address: IpAddr| state.config.trusted_proxies.iter().any(|network| network.contains(&address));
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !trusted(peer) {
        return peer;
    }
    request
        .headers()
        .get_all("X-Forwarded-For")
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|part| std::str::from_utf8(part).ok().and_then(forwarded))
        .rfind(|address| !address.is_some_and(trusted))
        .flatten()
        .unwrap_or(peer)
}

/// An address as proxies write it: some add the port, and then the brackets that IPv6 needs.
fn forwarded(part: &str) -> Option<IpAddr> {
    let part = part.trim();
    let address = part.parse::<IpAddr>().or_else(|_| part.parse::<SocketAddr>().map(|socket| socket.ip()));
    let address = address.or_else(|_| part.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
    address.ok().map(|address| address.to_canonical())
}

/// Who is counted when so many may come from an address. With IPv6 whoever has one address has 2⁶⁴ of them, the network that
/// it is in (RFC 6177): all of those are one.
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// The host the client asked for: `X-Forwarded-Host` from a trusted proxy, else `Host`.
pub fn host(request: &HttpRequest, state: &State) -> String {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let trusted = peer.is_some_and(|peer| state.config.trusted_proxies.iter().any(|network| network.contains(&peer)));
    let forwarded = header("X-Forwarded-Host").filter(|_| trusted);
    // HTTP/2 has :authority instead of Host, which actix keeps in the URI.
    let authority = request.uri().authority().map(actix_web::http::uri::Authority::as_str);
    forwarded.or_else(|| header("Host")).or(authority).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_addresses_of_a_network_of_ipv6_count_as_one() {
        for (one, other) in [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
            ("2001:db8:1:2::", "2001:db8:1:2:abcd::9"),
            ("fe80::1", "fe80::2"),
            ("::1", "::2"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(counted(address(one)), counted(address(other)), "{one} and {other}");
        }
        for (one, other) in [
            ("2001:db8:1:2::1", "2001:db8:1:3::1"),
            ("198.51.100.1", "198.51.100.2"),
            ("::ffff:198.51.100.1", "::ffff:198.51.100.2"),
        ] {
            assert_ne!(counted(address(one)), counted(address(other)), "{one} and {other}");
        }
        assert_eq!(counted(address("2001:db8:1:2:3:4:5:6")).to_string(), "2001:db8:1:2::");
    }

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        for (written, read) in [
            ("198.51.100.1", "198.51.100.1"),
            (" 198.51.100.1:4711 ", "198.51.100.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(forwarded(written), Some(address(read)), "{written}");
        }
        for written in ["", "unknown", "_hidden", "198.51.100", "198.51.100.1:x", "desk.example"] {
            assert_eq!(forwarded(written), None, "{written}");
        }
    }
}
