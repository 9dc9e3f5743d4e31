using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Requests that no client of ours makes: each gets an answer of its own, and none is an unhandled error.</summary>
public sealed class BadRequestTests
{
    private static readonly string[] Numbers = [
        "-1", "-0", "+1", "1e3", "0x10", "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "NaN", "١٢", " 1", ""];
    private static readonly string[] Texts =
    [
        "%00", "%", "%zz", "%C0%80", "%ED%A0%80", "%F0%9F%98%80", "../../x", "..%2f..%2fx", "'%20OR%201=1--", "a%0d%0ab", "%FF%FE",
        new('a', 5_000), "0", "null", "[]",
        "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "0199zzzz0000700080000000000000zz",
    ];

    public static TheoryData<string, string> Chunks => new()
    {
        { "FFFFFFFFFFFFFFFF", "the greatest number" }, { "8000000000000000", "a sign bit" },
        { "7FFFFFFFFFFFFFFF", "the greatest signed number" }, { "FFFFFFFF", "32 bits" },
        { "80000000", "32 bits and a sign" }, { "10000000000000000", "65 bits" }, { "-1", "a minus" }, { "0x5", "a prefix" },
        { "g", "a letter" }, { "", "nothing" }, { " 5", "a blank" },
        { "5;" + new string('e', 10_000), "an endless extension" },
    };

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task ChunkedBody_SizeOutOfRange_Is400(string size, string why)
    {
        using var log = new ErrorLog();
        await using var host = await StartAsync(log);
        foreach (var path in new[] { $"v1/batches?key={FullHost.Key}",
            $"v1/sessions/{BatchSamples.NewSession()}/assets/missing?key={FullHost.Key}",
            $"v1/sessions/{BatchSamples.NewSession()}/assets/{new string('a', 64)}?type=text/css&key={FullHost.Key}" })
        {
            var answer =
                await RawAsync(
                    host, $"POST /session-replay/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nabcde\r\n0\r\n\r\n");
            Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{why}: {answer}");
        }

        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors.Distinct().Take(3)));
    }

    [Fact]
    public async Task Request_MalformedInAnyPart_IsRefusedAndNoError()
    {
        using var log = new ErrorLog();
        await using var host = await StartAsync(log);
        string[] requests =
        [
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Type: \u0001\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
            "POST /session-replay/v1/batches?key=K&key=K HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "POST /session-replay/v1/batches?key=K HTTP/1.1\r\nHost: x\r\nOrigin: null\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
            "DELETE /session-replay/api/sessions/x HTTP/1.1\r\nHost: x\r\nX-Session-Replay: 1\r\nConnection: close\r\n\r\n",
            "GET /session-replay/api/sessions HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ;q=,,gzip;q=9999999999999\r\nRange: bytes=9999999999999999999-\r\nConnection: close\r\n\r\n",
        ];
        foreach (var request in requests)
        {
            var answer = await RawAsync(host, request.Replace("=K", $"={FullHost.Key}", StringComparison.Ordinal));
            Assert.False(answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal), $"{request}: {answer}");
        }

        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors.Distinct().Take(3)));
    }

    [Fact]
    public async Task Parameter_OfAnyEndpoint_WithAnyValue_IsNoError()
    {
        using var log = new ErrorLog();
        await using var host = await StartAsync(log);
        var id = new string('0', 12) + "7" + new string('0', 3) + "8" + new string('0', 15);
        string[] templates =
        [
            .. new[] { "tenant", "user", "url", "hasError", "event", "from", "to", "browser", "os", "device", "minDuration", "limit",
                "cursor" }.Select(name => $"GET api/sessions?{name}=V"),
            "GET api/tenants/shop/sessions/V", "GET api/tenants/V/sessions/{id}", "GET api/tenants/shop/sessions/V/manifest",
            $"GET api/tenants/shop/sessions/{id}/manifest?cursor=V", $"GET api/tenants/shop/sessions/{id}/manifest?view=V",
            $"GET api/tenants/shop/sessions/{id}/batches?stretch=V", $"GET api/tenants/shop/sessions/{id}/batches?stretch={id}.V",
            $"GET api/tenants/shop/sessions/{id}/batches?stretch={id}.0-V&view=V", $"GET api/tenants/shop/sessions/{id}/assets?hash=V",
            "GET api/audit?session=V", "GET api/audit?cursor=V", "DELETE api/tenants/shop/sessions/V",
            $"POST v1/batches?key={FullHost.Key}&sent=V", "POST v1/batches?key=V",
            $"POST v1/sessions/{id}/assets/V?key={FullHost.Key}&type=text/css",
            $"POST v1/sessions/{id}/assets/{new string('a', 64)}?key={FullHost.Key}&type=V",
            $"POST v1/sessions/V/assets/{new string('a', 64)}?key={FullHost.Key}&type=text/css",
            $"POST v1/sessions/V/assets/missing?key={FullHost.Key}",
            $"POST v1/sessions/V/forget?key={FullHost.Key}", "GET v1/settings?key=V", "GET recorder.js?v=V",
        ];
        foreach (var template in templates)
        {
            foreach (var value in Numbers.Concat(Texts))
            {
                var (method, path) = (
                    template.Split(' ')[0],
                    template.Split(' ')[1].Replace("V", value.Replace(" ", "%20", StringComparison.Ordinal), StringComparison.Ordinal));
                var answer = await RawAsync(
                    host, $"{method} /session-replay/{path} HTTP/1.1\r\nHost: x\r\nX-Session-Replay: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                Assert.False(answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal), $"{method} {path}: {answer}");
            }
        }

        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors.Distinct().Take(3)));
    }

    private static Task<FullHost> StartAsync(ErrorLog log) => FullHost.StartAsync(
        configure: o => o.Ingest.RequestsPerSecondPerAddress = 100_000, build: (builder, _) => builder.Logging.AddProvider(log));

    private static async Task<string> RawAsync(FullHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // The server resets the connection of a request whose rest it does not read.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
