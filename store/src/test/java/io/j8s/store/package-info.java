/// Tests of the store.
@org.jspecify.annotations.NullMarked
package io.j8s.store;
