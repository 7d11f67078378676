package io.j8s.apiserver.authentication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Fixed tokens (`--token-auth-file`): lines of `token,user,uid` and optionally `"group,group"`, as comma-separated values.
///
/// Tokens are looked up by their digest, so that the time it takes tells nothing about them.
public final class TokenFile implements TokenAuthenticator {

    private final Map<String, User> users;

    private TokenFile(Map<String, User> users) {
        this.users = Map.copyOf(users);
    }

    public static TokenFile of(Map<String, User> tokens) {
        Map<String, User> users = new HashMap<>();
        tokens.forEach((token, user) -> users.put(digest(token), user.withGroup(User.AUTHENTICATED)));
        return new TokenFile(users);
    }

    /// @throws IllegalArgumentException naming the line that is wrong
    public static TokenFile parse(String text) {
        Map<String, User> tokens = new HashMap<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            List<String> fields = fields(line);
            if (fields.size() < 3) {
                throw new IllegalArgumentException("line " + number + " of the token file has " + fields.size() + " columns; it needs token, user and uid");
            }
            if (fields.getFirst().isEmpty()) {
                throw new IllegalArgumentException("line " + number + " of the token file has an empty token");
            }
            tokens.put(fields.getFirst(), new User(fields.get(1), fields.get(2), groups(fields), Map.of()));
        }
        return of(tokens);
    }

    private static List<String> groups(List<String> fields) {
        if (fields.size() < 4 || fields.get(3).isEmpty()) {
            return List.of();
        }
        List<String> groups = new ArrayList<>();
        for (String group : fields.get(3).split(",", -1)) {
            groups.add(group.strip());
        }
        return groups;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        User user = users.get(digest(token));
        return user == null ? Authentication.NONE : new Authentication.Known(user);
    }

    private static String digest(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
