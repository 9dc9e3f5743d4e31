using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Kafka.Tests;

public sealed class ClientLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogTail<ClientLogTests> _lines = new();

    [Fact]
    public void Report_SameErrorAgainAndAgain_IsToldOnceAMinute()
    {
        var log = new ClientLog(_lines, _time);
        for (var i = 0; i < 100; i++)
        {
            log.Report(new Error(ErrorCode.Local_Transport, "refused"));
        }

        log.Report(new Error(ErrorCode.Local_Authentication, "wrong password"));
        Assert.Equal(2, _lines.Lines.Count);

        _time.Advance(TimeSpan.FromMinutes(1));
        log.Report(new Error(ErrorCode.Local_Transport, "refused"));
        Assert.Contains("99 more", _lines.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_LogOfTheClient_TellsWarningsOnce()
    {
        var log = new ClientLog(_lines, _time);
        log.Report(new LogMessage("rdkafka#consumer-1", SyslogLevel.Warning, "SESSTMOUT", "Consumer group session timed out"));
        log.Report(new LogMessage("rdkafka#consumer-1", SyslogLevel.Warning, "SESSTMOUT", "Consumer group session timed out"));
        log.Report(new LogMessage("rdkafka#consumer-1", SyslogLevel.Error, "FAIL", "Connection refused"));
        log.Report(new LogMessage("rdkafka#consumer-1", SyslogLevel.Info, "PARTCNT", "12 to 13"));

        Assert.Contains("SESSTMOUT", Assert.Single(_lines.Lines), StringComparison.Ordinal);
    }
}
