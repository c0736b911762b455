//! Who is at the other end, as far as the network and trusted proxies tell.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

use crate::state::State;

/// The address of the client: the peer's, or, when the peer is a trusted proxy, the last address in `X-Forwarded-For`
/// that is not one. Whatever a client writes there itself stands further left and is not believed.
pub fn address(request: &HttpRequest, state: &State) -> IpAddr {
    let trusted = |address: IpAddr| state.config.trusted_proxies.iter().any(|network| network.contains(&address));
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !trusted(peer) {
        return peer;
    }
    request
        .headers()
        .get_all("X-Forwarded-For")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse::<IpAddr>().ok())
        .rfind(|&address| !trusted(address))
        .unwrap_or(peer)
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
