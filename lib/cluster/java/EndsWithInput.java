import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another class's main and ends this JVM in order, shutdown hooks included, when standard input ends.
 *
 * Windows has no signal that asks a process to end; a pipe that closes is known everywhere, and closes by itself when the
 * process that holds its other end is killed. Compiled: `javac --release 17 -g:none EndsWithInput.java`.
 */
public final class EndsWithInput extends Thread {
  public static void main(String[] args) throws Throwable {
    Thread watch = new EndsWithInput();
    watch.setDaemon(true);
    watch.start();
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public void run() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // A broken pipe is an end, too.
    }
    System.exit(0);
  }
}
