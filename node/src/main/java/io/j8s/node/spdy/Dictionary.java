package io.j8s.node.spdy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The words with which both ends of a SPDY/3.1 connection begin their header compression (SPDY protocol, draft 3.1, section 2.6.10.1).
final class Dictionary {
    private static final String[] WORDS = {
        "options", "head", "post", "put", "delete", "trace", "accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "age", "allow",
        "authorization", "cache-control", "connection", "content-base", "content-encoding", "content-language", "content-length", "content-location", "content-md5",
        "content-range", "content-type", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range",
        "if-unmodified-since", "last-modified", "location", "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization", "range", "referer", "retry-after",
        "server", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "vary", "via", "warning", "www-authenticate", "method", "get", "status", "200 OK",
        "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin"
    };
    private static final String TAIL =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Per"
            + "manently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not "
            + "Implemented503 Service UnavailableJan Feb Mar Apr Ma"
            + "y Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,applicat"
            + "ion/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    private Dictionary() {}

    /// Each word behind its length, then the tail.
    static byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : WORDS) {
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(word.length()).array());
            bytes.writeBytes(word.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(TAIL.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
