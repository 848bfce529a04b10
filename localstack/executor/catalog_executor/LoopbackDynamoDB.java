import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** DynamoDB Local listens on all interfaces and has no option for it: start it with its connectors bound to loopback. */
public class LoopbackDynamoDB {
    public static void main(String[] arguments) throws Exception {
        var local = ServerRunner.createServerFromCommandLineArgs(arguments);
        var field = local.getClass().getDeclaredField("server");
        field.setAccessible(true);
        for (Connector each : ((Server) field.get(local)).getConnectors()) {
            ((ServerConnector) each).setHost("127.0.0.1");
        }
        local.start();
        local.join();
    }
}
