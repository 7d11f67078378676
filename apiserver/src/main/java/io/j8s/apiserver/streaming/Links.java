package io.j8s.apiserver.streaming;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes links of a page behind the proxy lead through the proxy: those with an absolute path on the same host. Relative ones do so by themselves.
///
/// @param prefix the path under which the page's server appears
/// @param page where the page came from
/// @param host the host that the user asked
record Links(String prefix, URI page, String host) {

    private static final Pattern TAG = Pattern.compile("<[a-zA-Z][^<>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(\\s(?:href|src|action|formaction|cite|codebase|data|longdesc|poster|classid|usemap|background)\\s*=\\s*[\"']?)([^\"'\\s>]+)", Pattern.CASE_INSENSITIVE);

    /// Bytes are taken as they are: only ASCII is looked at.
    byte[] rewritePage(byte[] html) {
        String text = new String(html, StandardCharsets.ISO_8859_1);
        String changed = TAG.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(ATTRIBUTE.matcher(tag.group())
                .replaceAll(attribute -> Matcher.quoteReplacement(attribute.group(1) + rewrite(attribute.group(2))))));
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    String rewrite(String link) {
        URI uri;
        try {
            uri = new URI(link);
        } catch (URISyntaxException e) {
            return link; // not to be understood, so left alone
        }
        String authority = uri.getRawAuthority();
        boolean elsewhere = authority != null && !authority.equals(page.getRawAuthority()) && !authority.equals(host);
        String path = uri.getRawPath();
        if (elsewhere || path == null || !path.startsWith("/") || path.startsWith(prefix + "/")) {
            return link;
        }
        String tail = (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) + (uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment());
        return (authority == null ? "" : "https://" + host) + prefix + path + tail;
    }
}
