package io.millrace.chaos.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of a tree of directories: those that are durable, and the changes since, in their
 * order.
 *
 * <p>Guarded by its {@link RecordingStorage}.
 */
final class NameTree {

  /** What a name stands for. */
  sealed interface Node {}

  /** A file. */
  static final class FileNode implements Node {
    private final TrackedFile content;

    FileNode(TrackedFile content) {
      this.content = content;
    }

    TrackedFile content() {
      return content;
    }
  }

  /** A directory. */
  static final class DirectoryNode implements Node {
    private final TreeMap<String, Node> durable = new TreeMap<>();
    private final TreeMap<String, Node> now = new TreeMap<>();

    /** Its entries that a crash finds whatever else it finds. */
    Map<String, Node> durable() {
      return durable;
    }

    /** Its entries as they are. */
    Map<String, Node> now() {
      return now;
    }
  }

  /**
   * A change of a directory that may not be durable.
   *
   * @param number tells it from every other
   * @param directory which
   * @param removed the name that goes; empty if none does
   * @param added the name that comes; empty if none does
   * @param node what comes by that name
   */
  record Change(
      long number, DirectoryNode directory, String removed, String added, @Nullable Node node) {

    /** Makes the change in a directory's entries. */
    void apply(Map<String, Node> entries) {
      if (!removed.isEmpty()) {
        entries.remove(removed);
      }
      if (node != null) {
        entries.put(added, node);
      }
    }
  }

  private final Path base;
  private final DirectoryNode root = new DirectoryNode();
  private final List<Change> pending = new ArrayList<>();
  private long changes;

  /** A tree of one durable, empty directory. */
  NameTree(Path base) {
    this.base = base;
  }

  Path base() {
    return base;
  }

  DirectoryNode root() {
    return root;
  }

  /** The changes that may not be durable, oldest first. */
  List<Change> pending() {
    return List.copyOf(pending);
  }

  /** What a path stands for now; null if nothing is known of it. */
  @Nullable Node find(Path path) {
    Node node = root;
    if (path.equals(base)) {
      return node;
    }
    for (Path name : base.relativize(path)) {
      if (!(node instanceof DirectoryNode directory)) {
        return null;
      }
      node = directory.now.get(name.toString());
    }
    return node;
  }

  /** The directory of a path. */
  DirectoryNode directory(Path path) {
    if (find(path) instanceof DirectoryNode directory) {
      return directory;
    }
    throw new IllegalArgumentException(path + " is no directory below " + base);
  }

  void created(Path path, Node node) {
    note(new Change(changes++, directory(parent(path)), "", name(path), node));
  }

  void deleted(Path path) {
    note(new Change(changes++, directory(parent(path)), name(path), "", null));
  }

  void moved(Path from, Path to) {
    if (!parent(from).equals(parent(to))) {
      throw new UnsupportedOperationException("a move from " + from + " to " + to);
    }
    note(new Change(changes++, directory(parent(from)), name(from), name(to), find(from)));
  }

  private void note(Change change) {
    change.apply(change.directory.now);
    pending.add(change);
  }

  /** The names in one directory became durable. */
  void force(DirectoryNode directory) {
    for (Change change : pending) {
      if (change.directory == directory) {
        change.apply(directory.durable);
      }
    }
    pending.removeIf(change -> change.directory == directory);
  }

  /** All names became durable. */
  void forceAll() {
    pending.forEach(change -> change.apply(change.directory.durable));
    pending.clear();
  }

  /** Whether a node was made or moved and that is not durable. */
  boolean isPending(Node node) {
    return pending.stream().anyMatch(change -> change.node == node);
  }

  /** Every node that stands anywhere: durable, now, or in a change. */
  Set<Node> reachable() {
    Set<Node> found = new HashSet<>();
    List<Node> left = new ArrayList<>(List.of(root));
    for (Change change : pending) {
      left.add(change.directory);
      if (change.node != null) {
        left.add(change.node);
      }
    }
    while (!left.isEmpty()) {
      Node node = left.remove(left.size() - 1);
      if (found.add(node) && node instanceof DirectoryNode directory) {
        left.addAll(directory.durable.values());
        left.addAll(directory.now.values());
      }
    }
    return found;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no directory");
    }
    return parent;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
