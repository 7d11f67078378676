@org.jspecify.annotations.NullMarked
package io.j8s.apiserver.resources.apiextensions;
