package io.j8s.cluster.server;

import io.j8s.apiserver.authentication.User;
import io.j8s.cluster.host.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A file of bearer tokens (`--token-auth-file`): lines of `token,user,uid` and, in quotes when there are several, groups.
public final class StaticTokens {
    private StaticTokens() {}

    public static Map<String, User> read(Path file) {
        Map<String, User> tokens = new HashMap<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String[] fields = line.split(",", 4);
                if (fields.length < 3) {
                    throw new Failure(Failure.Kind.PROGRAM, file + ":" + number + ": has " + fields.length + " fields", "write token,user,uid,\"group,group\"");
                }
                List<String> groups = new ArrayList<>();
                if (fields.length == 4) {
                    groups.addAll(List.of(fields[3].strip().replace("\"", "").split(",")));
                }
                tokens.put(fields[0].strip(), new User(fields[1].strip(), fields[2].strip(), groups, Map.of()));
            }
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": cannot be read: " + e, "name another --token-auth-file", e);
        }
        return tokens;
    }
}
