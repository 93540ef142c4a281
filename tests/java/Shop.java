import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A service and its client in one: every header goes to the log, from both sides, beside what the JDK logs itself
 * under {@code -Djdk.httpclient.HttpClient.log=headers,requests}. The first argument names a properties file of secrets.
 */
public class Shop {
    private static final Logger LOG = Logger.getLogger("shop");

    private final Properties secrets;
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String base;

    Shop(Properties secrets, String base) {
        this.secrets = secrets;
        this.base = base;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT %4$s %3$s - %5$s%6$s%n");
        Properties secrets = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(args[0]))) {
            secrets.load(reader);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> answer(exchange, secrets));
        server.start();
        try {
            new Shop(secrets, "http://127.0.0.1:" + server.getAddress().getPort()).run();
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, Properties secrets) throws IOException {
        LOG.info("request " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
        LOG.info("request headers " + exchange.getRequestHeaders().entrySet());
        LOG.info("request headers " + Map.copyOf(exchange.getRequestHeaders()));
        exchange.getRequestHeaders().forEach((name, values) -> System.out.println(name + ": " + String.join(", ", values)));
        System.out.println("body " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        var headers = exchange.getResponseHeaders();
        if (exchange.getRequestURI().getPath().equals("/login")) {
            headers.add("Set-Cookie", "sid=" + secrets.getProperty("sid") + "; Path=/; HttpOnly; Max-Age=3600");
            headers.add("Set-Cookie", "theme=" + secrets.getProperty("theme") + "; Path=/");
        }
        byte[] body = "ok\n".getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestURI().getPath().equals("/oauth/token")) {
            headers.set("Content-Type", "application/json");
            body = ("{\"access_token\":\"" + secrets.getProperty("issued_access_token") + "\",\"token_type\":\"Bearer\","
                    + "\"expires_in\":3600,\"refresh_token\":\"" + secrets.getProperty("issued_refresh_token") + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        LOG.info("response headers " + headers.entrySet());
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void run() throws Exception {
        send(get("/").header("Authorization", "Bearer " + secrets.getProperty("opaque")));
        send(get("/").header("authorization", "bearer " + secrets.getProperty("jwt")).header("X-Request-Id", "5f0c7e2a"));
        send(get("/").header("Authorization", "Basic " + secrets.getProperty("basic")));
        send(get("/").header("X-Api-Key", secrets.getProperty("api_key")));
        send(get("/callback?access_token=" + encoded("base64") + "&state=af0ifjsldkj"));
        send(form("/login", "user=ann&client_secret=" + encoded("client_secret")));
        send(get("/").header("Authorization", "Bearer " + secrets.getProperty("opaque")));
        send(form("/oauth/token", "grant_type=refresh_token&refresh_token=" + encoded("refresh_token")
                + "&client_secret=" + encoded("client_secret") + "&code_verifier=" + encoded("code_verifier")));
        refuse();
    }

    private void refuse() {
        try {
            throw new IllegalStateException("stock refused " + Map.of("Authorization", "Bearer " + secrets.getProperty("opaque")));
        } catch (IllegalStateException refused) {
            LOG.log(Level.SEVERE, "no stock for " + base, refused);
        }
    }

    private String encoded(String name) {
        return URLEncoder.encode(secrets.getProperty(name), StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private HttpRequest.Builder form(String path, String body) {
        return get(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    private void send(HttpRequest.Builder builder) throws Exception {
        HttpRequest request = builder.version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        HttpHeaders sent = request.headers();
        LOG.info("sent " + request + " " + sent);
        LOG.info("sent " + sent.map());
        LOG.info("got " + response + " " + response.headers().map());
        System.out.println(response.body());
    }
}
