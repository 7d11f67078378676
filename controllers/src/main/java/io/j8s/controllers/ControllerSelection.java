package io.j8s.controllers;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which controllers to run: `*` for those that are on by default, `name` and `-name` for single ones, which go before `*` whatever the order. Older names mean the same.
public record ControllerSelection(boolean defaults, Set<String> on, Set<String> off) {

    public static final ControllerSelection DEFAULT = new ControllerSelection(true, Set.of(), Set.of());

    public ControllerSelection {
        on = Set.copyOf(on);
        off = Set.copyOf(off);
    }

    /// Reads the flag's value, such as `*,-ttl-controller`.
    ///
    /// @throws IllegalArgumentException when it names what does not exist; the message lists what does
    public static ControllerSelection parse(String text, List<Controllers.Entry> all) {
        boolean defaults = false;
        Set<String> on = new LinkedHashSet<>();
        Set<String> off = new LinkedHashSet<>();
        for (String item : text.split(",")) {
            String word = item.strip();
            if (word.equals("*")) {
                defaults = true;
            } else if (word.startsWith("-")) {
                off.add(known(word.substring(1), all));
            } else if (!word.isEmpty()) {
                on.add(known(word, all));
            }
        }
        return new ControllerSelection(defaults, on, off);
    }

    private static String known(String name, List<Controllers.Entry> all) {
        return all.stream().filter(entry -> entry.name().equals(name) || (!name.isEmpty() && entry.alias().equals(name))).map(Controllers.Entry::name).findFirst().orElseThrow(
                () -> new IllegalArgumentException("--controllers: \"" + name + "\" is not a controller; there are " + String.join(", ", all.stream().map(Controllers.Entry::name).sorted().toList())));
    }

    public boolean includes(Controllers.Entry entry) {
        if (off.contains(entry.name())) {
            return false;
        }
        return on.contains(entry.name()) || (defaults && entry.enabled());
    }
}
