package io.j8s.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.it.host.Programs;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// `bin/j8s kube-apiserver` in a process of its own with little memory: what takes too much of it ends the process, and the test sees that.
final class RobustServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("j8s.root"), "bin", "j8s");
    private static final Pattern GENERATION = Pattern.compile("(?:DefNew|Tenured|def new generation|tenured generation) .*used ([0-9]+)K");
    /// On a busy machine; a hang is longer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SSLContext TLS = tls();
    private final Process process;
    private final int port;
    private final Path log;
    private final EventLoops loops = EventLoops.forThisMachine();
    private final List<HttpClient> clients = new CopyOnWriteArrayList<>();
    private final HttpClient client = anotherClient();

    private RobustServer(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    static RobustServer start(Path folder, int heapMegabytes, String... flags) throws IOException, InterruptedException {
        Path tokens = folder.resolve("tokens.csv");
        Files.writeString(tokens, "admintoken,admin,1,\"system:masters\"\n");
        int port = Programs.freePort();
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "kube-apiserver", "--data-dir=" + folder.resolve("data"), "--bind-address=127.0.0.1", "--secure-port=" + port,
                "--token-auth-file=" + tokens, "--authorization-mode=RBAC"));
        command.addAll(List.of(flags));
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("J8S_NO_TRAINING", "1");
        builder.environment().put("J8S_NO_BUILD", "1");
        builder.environment().put("J8S_JAVA_OPTIONS", "-Xmx" + heapMegabytes + "m");
        RobustServer server = new RobustServer(builder.start(), port, log);
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int i = 0; i < 1200 && process.isAlive(); i++) {
            try (HttpResponse response = client.send(HttpRequest.get(URI.create(address() + "/readyz")).within(PATIENCE))) {
                if (response.status() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not there yet
            }
            Timeline.system().sleep(Duration.ofMillis(50));
        }
        throw new AssertionError("the API server does not become ready:\n" + log());
    }

    String address() {
        return "https://127.0.0.1:" + port;
    }

    HttpRequest request(String method, String path) {
        return HttpRequest.of(method, URI.create(address() + path)).withHeader("authorization", "Bearer admintoken").within(PATIENCE);
    }

    HttpClient client() {
        return client;
    }

    /// A client with connections of its own, which ends with the server.
    HttpClient anotherClient() {
        HttpClient made = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system());
        clients.add(made);
        return made;
    }

    /// Its context for TLS, which trusts anybody.
    static SSLContext tls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A connection that speaks no HTTP by itself.
    SSLSocket connection() throws IOException {
        SSLSocket socket = (SSLSocket) TLS.getSocketFactory().createSocket("127.0.0.1", port);
        socket.startHandshake();
        return socket;
    }

    int port() {
        return port;
    }

    boolean alive() {
        return process.isAlive();
    }

    /// What the process has in memory.
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    /// The heap that is in use after a collection.
    long liveHeapBytes() {
        jcmd("GC.run");
        String info = jcmd("GC.heap_info");
        long used = 0;
        for (Matcher generation = GENERATION.matcher(info); generation.find();) {
            used += Long.parseLong(generation.group(1)) << 10;
        }
        assertThat(used).as(info).isPositive();
        return used;
    }

    private String jcmd(String command) {
        String program = Path.of(ProcessHandle.current().info().command().orElseThrow()).resolveSibling("jcmd").toString();
        return Programs.run(Duration.ofSeconds(60), Map.of(), "", List.of(program, Long.toString(process.pid()), command)).ok();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() {
        clients.forEach(HttpClient::close);
        loops.close();
        Programs.stop(process);
    }
}
