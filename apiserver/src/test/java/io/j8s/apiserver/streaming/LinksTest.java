package io.j8s.apiserver.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LinksTest {

    private static final String PREFIX = "/api/v1/namespaces/default/services/web/proxy";
    private final Links links = new Links(PREFIX, URI.create("http://10.0.0.7:8080/a/b.html"), "127.0.0.1:6443");

    @Test
    void absolutePathsLeadThroughTheProxyAndOthersAreLeftAlone() {
        assertThat(links.rewrite("/x?q=1#top")).isEqualTo(PREFIX + "/x?q=1#top");
        assertThat(links.rewrite("http://10.0.0.7:8080/x/")).isEqualTo("https://127.0.0.1:6443" + PREFIX + "/x/");
        assertThat(links.rewrite("x/y")).isEqualTo("x/y");
        assertThat(links.rewrite("https://example.com/x")).isEqualTo("https://example.com/x");
        assertThat(links.rewrite(PREFIX + "/x")).isEqualTo(PREFIX + "/x");
        assertThat(links.rewrite("not a link")).isEqualTo("not a link");
    }

    @Test
    void linksInTagsAreChangedAndTextIsNot() {
        String page = "<p title='/t'>/x é</p><a class=\"l\" href=\"/x\">x</a><img src='/i.png'><a href=/bare>b</a><form action = \"/f\">";
        String expected = "<p title='/t'>/x é</p><a class=\"l\" href=\"" + PREFIX + "/x\">x</a><img src='" + PREFIX + "/i.png'><a href=" + PREFIX
                + "/bare>b</a><form action = \"" + PREFIX + "/f\">";
        assertThat(new String(links.rewritePage(page.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8)).isEqualTo(expected);
    }
}
