package io.j8s.http;

import java.io.IOException;

/// The server answered a WebSocket handshake with an ordinary response.
public final class WebSocketRefusedException extends IOException {
    private static final long serialVersionUID = 1;
    private final transient HttpResponse response;

    WebSocketRefusedException(HttpResponse response) {
        super("the server refused the WebSocket with status " + response.status());
        this.response = response;
    }

    /// What it answered instead; close it after use.
    public HttpResponse response() {
        return response;
    }
}
