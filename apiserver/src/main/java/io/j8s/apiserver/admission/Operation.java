package io.j8s.apiserver.admission;

/// What a request does with an object.
public enum Operation {
    CREATE, UPDATE, DELETE, CONNECT
}
