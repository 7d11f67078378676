package io.j8s.node.probes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// One GET over HTTP/1.1, with or without TLS (whose certificate is not checked, as documented for probes). Redirects within the host are followed.
final class HttpProbe {
    private static final int MOST_REDIRECTS = 10;
    private static final int LONGEST_BODY = 10 * 1024;
    private static final int LONGEST_SHOWN_BODY = 1024;

    private HttpProbe() {}

    /// @param host where to connect
    /// @param headers sent in addition; `Host` and `User-Agent` replace the usual ones
    static ProbeOutcome get(boolean tls, String host, int port, String path, Map<String, String> headers, Duration atMost) {
        String target = path.isEmpty() ? "/" : path;
        try {
            for (int redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
                Answer answer = once(tls, host, port, target, headers, atMost);
                if (answer.status() >= 300 && answer.status() < 400 && !answer.location().isEmpty()) {
                    URI next = URI.create("http://" + bracketed(host) + target).resolve(answer.location());
                    if (next.getHost() != null && !next.getHost().equals(host)) {
                        return new ProbeOutcome.Doubtful("Probe terminated redirects, Response body: " + answer.body());
                    }
                    target = next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
                } else if (answer.status() >= 200 && answer.status() < 400) {
                    return ProbeOutcome.HEALTHY;
                } else {
                    return new ProbeOutcome.Unhealthy("HTTP probe failed with statuscode: " + answer.status());
                }
            }
            return new ProbeOutcome.Unhealthy("stopped after " + MOST_REDIRECTS + " redirects");
        } catch (SocketTimeoutException e) {
            return new ProbeOutcome.Unhealthy("Get \"" + url(tls, host, port, target) + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (IOException | IllegalArgumentException e) {
            return new ProbeOutcome.Unhealthy("Get \"" + url(tls, host, port, target) + "\": " + e.getMessage());
        } catch (GeneralSecurityException e) {
            return new ProbeOutcome.Unknown("TLS is not available: " + e.getMessage());
        }
    }

    private record Answer(int status, String location, String body) {}

    private static Answer once(boolean tls, String host, int port, String target, Map<String, String> headers, Duration atMost) throws IOException, GeneralSecurityException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), (int) atMost.toMillis());
            plain.setSoTimeout((int) atMost.toMillis());
            try (Socket socket = tls ? trusting().getSocketFactory().createSocket(plain, host, port, false) : plain) {
                StringBuilder request = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
                if (headers.keySet().stream().noneMatch("host"::equalsIgnoreCase)) {
                    request.append("Host: ").append(bracketed(host)).append(':').append(port).append("\r\n");
                }
                if (headers.keySet().stream().noneMatch("user-agent"::equalsIgnoreCase)) {
                    request.append("User-Agent: kube-probe/1.36\r\n");
                }
                if (headers.keySet().stream().noneMatch("accept"::equalsIgnoreCase)) {
                    request.append("Accept: */*\r\n");
                }
                headers.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
                socket.getOutputStream().write(request.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
                return answer(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), LONGEST_BODY));
            }
        }
    }

    private static Answer answer(BufferedReader in) throws IOException {
        String status = in.readLine();
        String[] words = status == null ? new String[0] : status.split(" ");
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("\\d{3}")) {
            throw new IOException(status == null ? "EOF" : "malformed HTTP response \"" + status + "\"");
        }
        String location = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.regionMatches(true, 0, "location:", 0, 9)) {
                location = line.substring(9).strip();
            }
        }
        int code = Integer.parseInt(words[1]);
        return new Answer(code, location, code >= 300 && code < 400 ? body(in) : "");
    }

    /// Its beginning only: it is shown in an event.
    private static String body(BufferedReader in) throws IOException {
        char[] text = new char[LONGEST_SHOWN_BODY];
        int length = 0;
        for (int read = in.read(text, 0, text.length); read > 0; read = in.read(text, length, text.length - length)) {
            length += read;
        }
        return new String(text, 0, length);
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    private static String url(boolean tls, String host, int port, String target) {
        return (tls ? "https://" : "http://") + bracketed(host) + ":" + port + target;
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
