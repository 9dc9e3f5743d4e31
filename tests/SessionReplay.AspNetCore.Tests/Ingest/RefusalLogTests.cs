using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class RefusalLogTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LineLog<RefusalLog> _logger = new();
    private readonly RefusalLog _log;

    public RefusalLogTests() => _log = new(_clock, _logger);

    [Fact]
    public void Add_ManyRefusals_LogsOneLineAMinute()
    {
        for (var second = 0; second < 150; second++)
        {
            Add(Refusal("origin-not-allowed"), Request("http://localhost:5173"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, _logger.Lines.Count);
        Assert.All(
            _logger.Lines,
            line => Assert.StartsWith("Refused a recorder of http://localhost:5173 at host shop.example:", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Add_UnknownKey_SaysSoWithoutTheKey()
    {
        Add(Refusal("write-key-unknown"), Request("https://a.example"));

        Assert.Contains("https://a.example", Assert.Single(_logger.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("wk_secret", _logger.Lines.First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate-limited")]
    [InlineData("batch-invalid")]
    public void Add_OtherRefusal_LogsNothing(string code)
    {
        Add(Refusal(code), Request("https://a.example"));

        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void Add_HostileOrigin_LogsOneShortLine()
    {
        Add(Refusal("origin-not-allowed"), Request("https://a\r\nforged: line\u001b[31m" + new string('x', 10_000)));

        var line = Assert.Single(_logger.Lines);
        Assert.True(line.Length < 500 && line.All(static c => c is >= ' ' and not (char)127), line);
    }

    private void Add(IngestRejectedException refusal, HttpRequest request) => _log.Add(refusal, refusal, request);

    private static IngestRejectedException Refusal(string code) => new(403, code, "refused");

    private static HttpRequest Request(string origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new("shop.example");
        request.QueryString = new("?key=wk_secret");
        request.Headers.Origin = origin;
        return request;
    }
}
