/// Tests against a real etcd.
@org.jspecify.annotations.NullMarked
package io.j8s.etcd;
