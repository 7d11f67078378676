package io.j8s.apiserver.serve;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Acting as someone else: `Impersonate-User`, `-Group`, `-Uid` and `-Extra-*` headers, each of which the user must be allowed to set (verb `impersonate`).
final class Impersonation {

    private static final String EXTRA = "impersonate-extra-";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private Impersonation() {}

    static User apply(Exchange exchange, User user, Consumer<Attributes> authorize) {
        String name = exchange.headers().getOr("impersonate-user", "");
        List<String> groups = exchange.headers().all("impersonate-group");
        String uid = exchange.headers().getOr("impersonate-uid", "");
        Map<String, List<String>> extra = extra(exchange);
        if (name.isEmpty()) {
            if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
                throw Refusal.badRequest("requested groups, uid or extra without impersonating a user; set Impersonate-User");
            }
            return user;
        }
        authorize(user, name, groups, uid, extra, authorize);
        return new User(name, uid, withStandardGroups(name, groups), extra);
    }

    private static void authorize(User user, String name, List<String> groups, String uid, Map<String, List<String>> extra, Consumer<Attributes> authorize) {
        String[] account = name.startsWith(SERVICE_ACCOUNT) ? name.substring(SERVICE_ACCOUNT.length()).split(":", -1) : new String[0];
        if (account.length == 2) {
            authorize.accept(Attributes.ofResource(user, "impersonate", "", "v1", "serviceaccounts", "", account[0], account[1]));
        } else {
            authorize.accept(Attributes.ofResource(user, "impersonate", "", "v1", "users", "", "", name));
        }
        groups.forEach(group -> authorize.accept(Attributes.ofResource(user, "impersonate", "", "v1", "groups", "", "", group)));
        if (!uid.isEmpty()) {
            authorize.accept(Attributes.ofResource(user, "impersonate", "authentication.k8s.io", "v1", "uids", "", "", uid));
        }
        extra.forEach((key, values) -> values.forEach(value ->
                authorize.accept(Attributes.ofResource(user, "impersonate", "authentication.k8s.io", "v1", "userextras", key, "", value))));
    }

    private static List<String> withStandardGroups(String name, List<String> groups) {
        List<String> all = new ArrayList<>(groups);
        String[] account = name.startsWith(SERVICE_ACCOUNT) ? name.substring(SERVICE_ACCOUNT.length()).split(":", -1) : new String[0];
        if (account.length == 2 && groups.isEmpty()) {
            all.add("system:serviceaccounts");
            all.add("system:serviceaccounts:" + account[0]);
        }
        String standard = name.equals(User.ANONYMOUS_NAME) ? User.UNAUTHENTICATED : User.AUTHENTICATED;
        if (!all.contains(standard)) {
            all.add(standard);
        }
        return all;
    }

    private static Map<String, List<String>> extra(Exchange exchange) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        exchange.headers().forEach((header, value) -> {
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
