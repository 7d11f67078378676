package io.j8s.scheduler.config;

import io.j8s.model.Durations;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of one plugin, defaulted and checked.
public final class PluginArgs {

    private final Node node;

    PluginArgs(Node node) {
        this.node = node;
    }

    /// The arguments of a plugin that none are given for.
    public static PluginArgs defaults(String plugin) {
        Node config = Node.empty();
        Defaults.args(plugin, config);
        return new PluginArgs(config);
    }

    public String text(String name) {
        return node.text(name);
    }

    public boolean on(String name) {
        return node.on(name);
    }

    public long number(String name) {
        return node.number(name);
    }

    public Duration span(String name) {
        return Durations.parse(node.text(name));
    }

    public List<String> texts(String name) {
        return node.texts(name);
    }

    public PluginArgs object(String name) {
        return new PluginArgs(node.object(name));
    }

    public List<PluginArgs> objects(String name) {
        return node.objects(name).stream().map(PluginArgs::new).toList();
    }

    /// An object of the API; null when there is none.
    @SuppressWarnings("unchecked")
    public @Nullable Struct struct(String name, Type type) {
        return node.fields().get(name) instanceof Map<?, ?> map ? PlainJson.struct(type, (Map<String, ?>) map) : null;
    }

    /// This itself as an object of the API.
    public Struct asStruct(Type type) {
        return PlainJson.struct(type, node.fields());
    }
}
