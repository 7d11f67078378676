package io.j8s.apiserver.serve;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.metrics.ImpersonationMetrics;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.runtime.Timeline;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Acting as someone else: `Impersonate-User`, `-Group`, `-Uid` and `-Extra-*` headers, each of which the user must be allowed to set.
///
/// The constrained modes are tried first (KEP-5284: verbs `impersonate:MODE` for the user and `impersonate-on:MODE:VERB` for the request), then the one that was there before
/// (verb `impersonate`). When none allows it, the user is told why the first of them did not.
final class Impersonation {

    private static final String EXTRA = "impersonate-extra-";

    private static final int REMEMBERED = 10_000;

    /// The mode that last allowed a user to act as another, by the user's name: it is tried first. Guarded by itself.
    private final LinkedHashMap<String, ImpersonationMode> last = new LinkedHashMap<>(16, 0.75f, true);
    private final ImpersonationMetrics metrics;
    private final Timeline timeline;

    Impersonation(ImpersonationMetrics metrics, Timeline timeline) {
        this.metrics = metrics;
        this.timeline = timeline;
    }

    /// On whose behalf a request is served.
    ///
    /// @param constraint the verb by which it was allowed; empty when nobody else is acted for, or by the way that was there before
    record Acting(User user, String constraint) {}

    /// @param request what the request itself wants, as the user who sends it
    Acting apply(Exchange exchange, User user, Attributes request, Authorizer authorizer) {
        Headers headers = exchange.headers();
        String name = headers.getOr("impersonate-user", "");
        if (name.isEmpty() && headers.get("impersonate-group") == null && headers.get("impersonate-uid") == null && !anyExtra(headers)) {
            return new Acting(user, "");
        }
        User wanted = new User(name, headers.getOr("impersonate-uid", ""), headers.all("impersonate-group"), extra(headers));
        if (name.isEmpty()) {
            if (wanted.groups().isEmpty() && wanted.uid().isEmpty() && wanted.extra().isEmpty()) {
                return new Acting(user, "");
            }
            throw Refusal.badRequest("requested " + shown(wanted) + " without impersonating a user name");
        }
        long start = timeline.nanoTime();
        Refusal first = null;
        for (ImpersonationMode mode : modes(user.name())) {
            try {
                if (mode.concerns(wanted, user)) {
                    User acting = mode.checked(wanted, user, request, counted(mode, authorizer));
                    metrics.attempted(mode.label(), true, timeline.nanoTime() - start);
                    remember(user.name(), mode);
                    return new Acting(acting, mode.constraint());
                }
            } catch (Refusal refusal) {
                first = first == null ? refusal : first;
            }
        }
        metrics.attempted("", false, timeline.nanoTime() - start);
        throw first == null ? Refusal.internal("no impersonation mode applies") : first;
    }

    private Authorizer counted(ImpersonationMode mode, Authorizer authorizer) {
        return attributes -> {
            long start = timeline.nanoTime();
            Decision decision = authorizer.authorize(attributes);
            metrics.checked(mode.label(), decision instanceof Decision.Allow, timeline.nanoTime() - start);
            return decision;
        };
    }

    private List<ImpersonationMode> modes(String user) {
        ImpersonationMode before;
        synchronized (last) {
            before = last.get(user);
        }
        if (before == null) {
            return ImpersonationMode.ALL;
        }
        List<ImpersonationMode> modes = new ArrayList<>(ImpersonationMode.ALL);
        modes.remove(before);
        modes.addFirst(before);
        return modes;
    }

    private void remember(String user, ImpersonationMode mode) {
        synchronized (last) {
            last.put(user, mode);
            if (last.size() > REMEMBERED) {
                String oldest = last.keySet().iterator().next();
                last.remove(oldest);
            }
        }
    }

    /// What was asked for, as upstream writes it.
    private static String shown(User wanted) {
        String groups = wanted.groups().isEmpty() ? "(nil)" : "{" + quoted(wanted.groups()) + "}";
        List<String> extra = new ArrayList<>();
        wanted.extra().forEach((key, values) -> extra.add("\"" + key + "\":[]string{" + quoted(values) + "}"));
        return "&user.DefaultInfo{Name:\"\", UID:\"" + wanted.uid() + "\", Groups:[]string" + groups + ", Extra:map[string][]string"
                + (extra.isEmpty() ? "(nil)" : "{" + String.join(", ", extra) + "}") + "}";
    }

    private static String quoted(List<String> texts) {
        return String.join(", ", texts.stream().map(text -> "\"" + text + "\"").toList());
    }

    /// Refuses what the authorizer does not allow.
    static void check(Attributes attributes, Authorizer authorizer) {
        Decision decision = authorizer.authorize(attributes);
        if (!(decision instanceof Decision.Allow)) {
            throw Access.forbidden(attributes, decision.reason());
        }
    }

    private static boolean anyExtra(Headers headers) {
        boolean[] found = new boolean[1];
        headers.forEach((header, value) -> found[0] |= header.regionMatches(true, 0, EXTRA, 0, EXTRA.length()));
        return found[0];
    }

    private static Map<String, List<String>> extra(Headers headers) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        headers.forEach((header, value) -> {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.computeIfAbsent(unescape(lower.substring(EXTRA.length())), key -> new ArrayList<>()).add(value);
            }
        });
        return extra;
    }

    private static String unescape(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }
}
