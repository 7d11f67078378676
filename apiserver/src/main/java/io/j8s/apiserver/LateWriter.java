package io.j8s.apiserver;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.operation.Actions;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Writes;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Lets guards write through the engine, which is built after them.
final class LateWriter implements ObjectWriter {

    private static final User SERVER = User.of("system:apiserver", User.MASTERS, User.AUTHENTICATED);

    private volatile @Nullable Actions actions;

    void writeThrough(Engine engine) {
        actions = new Actions(engine, new Writes(engine));
    }

    @Override
    public <T extends Struct> T change(ApiResource<T> resource, String namespace, String name, UnaryOperator<T> change) {
        return ready(resource + " " + namespace + "/" + name).changeStatus(new Call(SERVER, "kube-apiserver"), resource, namespace, name, false, change);
    }

    @Override
    public <T extends Struct> T changeMetadata(ApiResource<T> resource, String namespace, String name, UnaryOperator<T> change) {
        return ready(resource + " " + namespace + "/" + name).change(new Call(SERVER, "kube-apiserver"), resource, namespace, name, false, change);
    }

    @Override
    public <T extends Struct> T create(ApiResource<T> resource, String namespace, T object) {
        return ready(resource + " in \"" + namespace + "\"").create(new Call(SERVER, "kube-apiserver"), resource, namespace, object);
    }

    private Actions ready(String what) {
        Actions ready = actions;
        if (ready == null) {
            throw new IllegalStateException("the server does not write yet: " + what + " was to be written while it starts");
        }
        return ready;
    }
}
