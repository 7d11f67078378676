package io.j8s.apiserver.streaming;

import io.j8s.apiserver.resource.Subresource.Connection.Opened;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;

/// What all ways of passing a request on have in common.
final class Passing {

    private static final int BUFFER_BYTES = 32 * 1024;
    /// Fields of one connection (RFC 9110 section 7.6.1), and those that the client adds anew.
    private static final Set<String> OF_CONNECTION = Set.of(
            "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length");

    private Passing() {}

    /// The fields of a request that go on to the next server: not those of the connection, and none by which the user showed who he is.
    static Headers onwards(Exchange exchange) {
        Headers[] kept = {Headers.EMPTY};
        exchange.headers().forEach((name, value) -> {
            if (!OF_CONNECTION.contains(name) && !secret(name, value)) {
                kept[0] = kept[0].with(name, value);
            }
        });
        String client = exchange.remoteAddress() instanceof InetSocketAddress address ? address.getAddress().getHostAddress() : "";
        String before = String.join(", ", exchange.headers().all("x-forwarded-for"));
        return client.isEmpty() ? kept[0] : kept[0].without("x-forwarded-for").with("x-forwarded-for", before.isEmpty() ? client : before + ", " + client);
    }

    private static boolean secret(String name, String value) {
        return name.equals("authorization")
                || name.startsWith("impersonate-")
                || name.startsWith("x-remote-")
                || (name.equals("sec-websocket-protocol") && value.contains("base64url.bearer.authorization.k8s.io."));
    }

    /// The fields of an answer that go back to the user.
    static Headers back(Headers answered) {
        Headers[] kept = {Headers.EMPTY};
        answered.forEach((name, value) -> {
            if (!OF_CONNECTION.contains(name) || name.equals("content-length")) {
                kept[0] = kept[0].with(name, value);
            }
        });
        return kept[0];
    }

    /// Copies until the end; what has come is sent on as soon as no more is there at once.
    static void copy(InputStream from, BodyWriter to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int size = from.read(buffer); size >= 0; size = from.read(buffer)) {
            to.write(Arrays.copyOf(buffer, size));
            if (from.available() == 0) {
                to.flush();
            }
        }
    }

    static Refusal unreachable(String what, IOException why) {
        return new Refusal(500, "", what + ": " + (why.getMessage() == null ? why.toString() : why.getMessage()), Refusal.Details.NONE);
    }

    /// These subresources have no paths below them.
    static void expectNoRest(Opened opened) {
        if (!opened.rest().isEmpty() && !opened.rest().equals("/")) {
            throw Refusal.noSuchPath();
        }
    }
}
