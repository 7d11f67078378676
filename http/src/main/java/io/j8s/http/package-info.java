/// The protocol edge: HTTP/1.1, HTTP/2, WebSocket, raw upgrades and Unix sockets as blocking exchanges for virtual threads.
/// Nothing outside this package knows Netty.
@NullMarked
package io.j8s.http;

import org.jspecify.annotations.NullMarked;
