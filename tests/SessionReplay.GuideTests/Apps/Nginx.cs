using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>nginx with one server, from a folder of its own.</summary>
internal static class Nginx
{
    public const string Program = "/usr/sbin/nginx";

    public static void Require() => Peer.Require(Program, "apt-get install -y nginx-light");

    /// <summary>Starts nginx.</summary>
    /// <param name="folder">A folder that is not there yet.</param>
    /// <param name="server">The server, which listens on port 80 of the configuration that a reader would write.</param>
    public static async Task<RunningApp> StartAsync(string folder, string server)
    {
        const string Listen = "listen 80;";
        Assert.Contains(Listen, server, StringComparison.Ordinal);
        var port = FreePort.Next();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
            {{server.Replace(Listen, $"listen 127.0.0.1:{port};", StringComparison.Ordinal)}}
            }
            """);
        // The temporary folder is its owner's alone; nginx's workers run as that owner too.
        string[] command = [Program, "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-g", $"user {Environment.UserName};"];
        return await RunningApp.StartAsync(command, folder, port);
    }
}
