using System.Globalization;

namespace SessionReplay.GuideTests;

/// <summary>nginx that writes down what it answers.</summary>
internal sealed class LoggingProxy : IAsyncDisposable
{
    private readonly string _log;
    private int _seen;

    private LoggingProxy(RunningApp app, string log) => (App, _log) = (app, log);

    public RunningApp App { get; }

    /// <param name="folder">A folder that is not there yet.</param>
    /// <param name="server">The server, as of <see cref="Nginx.StartAsync"/>.</param>
    public static async Task<LoggingProxy> StartAsync(string folder, string server)
    {
        var log = Path.Combine(folder, "access.log");
        var app = await Nginx.StartAsync(
            folder,
            "log_format answers '$upstream_cache_status $status $body_bytes_sent $request_uri';\n"
            + server.Replace("listen 80;", $"listen 80;\n  access_log {log} answers;", StringComparison.Ordinal));
        return new(app, log);
    }

    /// <summary>Reads what was answered since the last call.</summary>
    public IReadOnlyList<Answer> Next()
    {
        var lines = File.ReadAllLines(_log)[_seen..];
        _seen += lines.Length;
        return [.. lines.Select(Answer.Read)];
    }

    /// <summary>Gives how many bytes of sessions were answered by the playback API since the last call.</summary>
    public long SentOfSessions() => Next()
        .Where(answer => answer.Address.Contains("/api/tenants/", StringComparison.Ordinal)).Sum(answer => answer.Bytes);

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>An answer.</summary>
    /// <param name="Cache">Whether the cache had it: <c>HIT</c>, <c>MISS</c>, or <c>-</c> without a cache.</param>
    /// <param name="Status">The status.</param>
    /// <param name="Bytes">The bytes of its body.</param>
    /// <param name="Address">What was asked for.</param>
    internal sealed record Answer(string Cache, int Status, long Bytes, string Address)
    {
        public static Answer Read(string line) => line.Split(' ') is [var cache, var status, var bytes, var address]
            ? new(cache, int.Parse(status, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture), address)
            : throw new InvalidDataException(line);

        public bool Is(string cache, int status) => (Cache, Status) == (cache, status);
    }
}
