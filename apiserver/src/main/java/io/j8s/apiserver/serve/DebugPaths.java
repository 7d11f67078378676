package io.j8s.apiserver.serve;

import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.runtime.log.ProcessLog;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;

/// `/debug/flags/v`, by which the log's verbosity is set while the server runs, and of `/debug/pprof/` what means something on a JVM: the command line, and what the threads do. Profiles in Go's
/// format are not made: the JVM's own recorder makes better ones (`jcmd PID JFR.start`).
final class DebugPaths {

    private static final Headers PLAIN = Headers.of("content-type", "text/plain", "x-content-type-options", "nosniff");
    private static final Headers HTML = Headers.of("content-type", "text/html; charset=utf-8", "x-content-type-options", "nosniff");
    private static final int LONGEST_NUMBER = 20;

    private DebugPaths() {}

    static void register(Paths paths) {
        paths.add("/debug/flags", exchange -> answer(exchange, 200, HTML, "<html>\n<head>\n<title>/debug/flags/</title>\n</head>\n<body>\n/debug/flags/<br>\n<br>\nflags:<br>\nv<br>\n</body>\n</html>\n"));
        paths.add("/debug/flags/v", DebugPaths::verbosity);
        paths.addBelow("/debug/pprof/", DebugPaths::profile);
        paths.add("/debug/pprof", exchange -> {
            if (exchange.path().endsWith("/")) {
                profile(exchange);
            } else {
                exchange.answer(302, Headers.of("location", "/debug/pprof/", "content-type", "text/html; charset=utf-8"), bytes("<a href=\"/debug/pprof/\">Found</a>.\n\n"));
            }
        });
    }

    private static void verbosity(Exchange exchange) throws IOException {
        if (!exchange.method().equals("PUT")) {
            answer(exchange, 406, PLAIN, "unsupported http method\n");
            return;
        }
        String text;
        try (InputStream body = exchange.body()) {
            text = new String(body.readNBytes(LONGEST_NUMBER), StandardCharsets.UTF_8);
        }
        try {
            ProcessLog.configure(ProcessLog.options().withVerbosity(Integer.parseUnsignedInt(text)));
            answer(exchange, 200, PLAIN, "successfully set klog.logging.verbosity to " + text + "\n");
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, PLAIN, "strconv.ParseUint: parsing \"" + text + "\": invalid syntax\n");
        }
    }

    private static void profile(Exchange exchange) throws IOException {
        String path = RequestInfo.of("GET", exchange.path(), io.j8s.apiserver.request.Query.NONE).path();
        switch (path.substring("/debug/pprof/".length())) {
            case "" -> answer(exchange, 200, HTML, """
                    <html><head><title>/debug/pprof/</title></head><body>/debug/pprof/<br>
                    <a href="cmdline">cmdline</a>: the command line<br>
                    <a href="goroutine?debug=1">goroutine</a>: what the threads do<br>
                    </body></html>
                    """);
            case "cmdline" -> answer(exchange, 200, PLAIN, String.join("\0", ProcessHandle.current().info().arguments().orElse(new String[0])));
            case "goroutine", "threadcreate" -> answer(exchange, 200, PLAIN, threads());
            default -> answer(exchange, 404, PLAIN, "Unknown profile: this server runs on a JVM; use its own tools (jcmd, JFR)\n");
        }
    }

    /// The platform threads; those of requests are virtual, and are seen with `jcmd PID Thread.dump_to_file`.
    private static String threads() {
        ThreadInfo[] all = ManagementFactory.getThreadMXBean().dumpAllThreads(false, false);
        StringBuilder text = new StringBuilder("thread profile: total ").append(all.length).append('\n');
        for (ThreadInfo thread : all) {
            text.append(thread);
        }
        return text.toString();
    }

    private static void answer(Exchange exchange, int status, Headers headers, String text) throws IOException {
        exchange.answer(status, headers, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
