using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NSubstitute;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Hosting;

/// <summary>What the configuration says and nothing reads stops the start.</summary>
public sealed class UnusedSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Playback:ViewPolcy", "x", "'SessionReplay:Playback:ViewPolcy' is not a SessionReplay setting; did you mean 'ViewPolicy'?")]
    [InlineData(
        "Tenants:0:WriteKeys:0:Recorder:MaskAllTexts", "true",
        "'SessionReplay:Tenants:0:WriteKeys:0:Recorder:MaskAllTexts' is not a SessionReplay setting; did you mean 'MaskAllText'?")]
    [InlineData(
        "Tenants:0:Retention", "30",
        "'SessionReplay:Tenants:0:Retention' is not a SessionReplay setting; did you mean 'RetentionDays'?|Known are: Id, RetentionDays, WriteKeys.")]
    [InlineData(
        "Tenants:0:WriteKeys:0:Origin:0", "https://a.example",
        "'SessionReplay:Tenants:0:WriteKeys:0:Origin' is not a SessionReplay setting; did you mean 'Origins'?")]
    [InlineData(
        "Ingest:MaxBatchBites", "70000",
        "'SessionReplay:Ingest:MaxBatchBites' is not a SessionReplay setting; did you mean 'MaxBatchBytes'?")]
    [InlineData("Worker:concurency", "2", "'SessionReplay:Worker:concurency' is not a SessionReplay setting; did you mean 'Concurrency'?")]
    [InlineData(
        "Sessions:IdleTimout", "00:10:00",
        "'SessionReplay:Sessions:IdleTimout' is not a SessionReplay setting; did you mean 'IdleTimeout'?")]
    [InlineData(
        "Sanitizing:SocialSecurityNumber", "true",
        "'SessionReplay:Sanitizing:SocialSecurityNumber' is not a SessionReplay setting; did you mean 'SocialSecurityNumbers'?")]
    [InlineData("Sanitzing:Secrets", "true", "'SessionReplay:Sanitzing' is not a SessionReplay setting; did you mean 'Sanitizing'?")]
    [InlineData(
        "Resilience:Queue:Timout", "00:00:10",
        "'SessionReplay:Resilience:Queue:Timout' is not a SessionReplay setting; did you mean 'Timeout'?")]
    [InlineData(
        "Resilience:Blobs:Timeout", "00:00:10",
        "'SessionReplay:Resilience:Blobs' is not a SessionReplay setting. Known are: Audit, Catalog, ")]
    [InlineData(
        "Crypto:KeyCacheTme", "00:00:10",
        "'SessionReplay:Crypto:KeyCacheTme' is not a SessionReplay setting; did you mean 'KeyCacheTime'?")]
    [InlineData("Queues:Provider", "RabbitMQ", "'SessionReplay:Queues' is not a SessionReplay setting; did you mean 'Queue'?")]
    [InlineData("Queue:Sqlite:Pth", "q.db", "'SessionReplay:Queue:Sqlite:Pth' is not a SessionReplay setting; did you mean 'Path'?")]
    [InlineData("Queue:Sqllite:Path", "q.db", "'SessionReplay:Queue:Sqllite' is not a SessionReplay setting; did you mean 'Sqlite'?")]
    [InlineData("Queue:RabitMQ:QueueName", "q", "'SessionReplay:Queue:RabitMQ' is not a SessionReplay setting; did you mean 'RabbitMQ'?")]
    [InlineData("Queue:Providr", "Sqlite", "'SessionReplay:Queue:Providr' is not a SessionReplay setting; did you mean 'Provider'?")]
    [InlineData("Storage:Local:Paths", "b", "'SessionReplay:Storage:Local:Paths' is not a SessionReplay setting; did you mean 'Path'?")]
    [InlineData(
        "Catalog:Sqlite:AuditPaht", "a.db",
        "'SessionReplay:Catalog:Sqlite:AuditPaht' is not a SessionReplay setting; did you mean 'AuditPath'?")]
    [InlineData("KeyStore:Sqlite:File", "k.db", "'SessionReplay:KeyStore:Sqlite:File' is not a SessionReplay setting. Known are: Path.")]
    [InlineData(
        "KeyManagement:Local:Pat", "k.json",
        "'SessionReplay:KeyManagement:Local:Pat' is not a SessionReplay setting; did you mean 'Path'?")]
    [InlineData("Ingest:ReadTimeout:Seconds", "30", "'SessionReplay:Ingest:ReadTimeout' is a section; it takes a single value.")]
    [InlineData("Playback", "view", "'SessionReplay:Playback' is a single value; it is a section or a list.")]
    [InlineData(
        "Tenants:0:WriteKeys:0:Origins", "https://a.example",
        "'SessionReplay:Tenants:0:WriteKeys:0:Origins' is a single value; it is a section or a list.")]
    [InlineData("a", "b", "'SessionReplay:a' is not a SessionReplay setting. Known are: Catalog, Crypto, DataDirectory, ")]
    public async Task Start_UnknownSetting_NamesItAndTheNearest(string path, string value, string expected)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((path, value)));
        var failure = Assert.Single(error.Failures);
        Assert.True(expected.Split('|').Any(each => failure.Contains(each, StringComparison.Ordinal)), failure);
    }

    [Fact]
    public async Task Start_EveryKindOfKnownSetting_Starts() => await StartAsync(
        ("roles", "All"), ("dataDirectory", _folder.FullPath), ("Tenants:0:RetentionDays", "7"),
        ("Tenants:0:WriteKeys:0:Origins:0", "https://a.example"),
        ("Tenants:0:WriteKeys:0:Recorder:MaskAllText", "true"), ("Ingest:readTimeout", "00:00:10"), ("Playback:ViewPolicy", ""),
        ("Sanitizing:FieldNames:0", "tax"),
        ("Sanitizing:Patterns:customer", @"KD-\d+"), ("Resilience:Queue:Timeout", "00:00:10"), ("Crypto:KeyCacheTime", "00:01:00"),
        ("queue:provider", "sqlite"),
        ("queue:sqlite:maxAttempts", "3"), ("Storage:S3:Bucket", "not-chosen"), ("Catalog:Provider", "Sqlite"),
        ("Catalog:PostgreSql:Schema", "not-chosen"));

    [Fact]
    public async Task Start_AdapterWithoutProvider_WarnsOfWhatIsChosen() => Assert.Equal(
        ["'SessionReplay:Queue:RabbitMQ' is set and 'SessionReplay:Queue:Provider' is not: the configuration chooses Sqlite, not RabbitMQ."],
        await StartAsync(
            ("Queue:RabbitMQ:QueueName", "q"), ("Queue:Sqlite:MaxAttempts", "3"), ("Storage:Provider", "Local"),
            ("Storage:S3:Bucket", "replay")));

    [Fact]
    public async Task Start_AdapterRegisteredInCode_WarnsThatItsSettingsChangeNothing() => Assert.Equal(
        ["'SessionReplay:Queue' changes nothing: the application registers an adapter of this kind in code."],
        await StartAsync(
            replay => replay.AddSqliteQueue(options => options.Path = _folder.File("q.db")), ("Queue:Sqlite:MaxAttempts", "3")));

    [Fact]
    public async Task Start_ServiceRegisteredBesideItsAdapter_WarnsThatTheAdapterStays() => Assert.StartsWith(
        "IBlobStore is also registered outside of the Storage adapter.",
        Assert.Single(await StartAsync(replay => replay.Services.AddSingleton(Substitute.For<IBlobStore>()))), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "Ingest:ReadTimeout", "30s", "'SessionReplay:Ingest:ReadTimeout' has a value of another type; write a duration as hh:mm:ss")]
    [InlineData("Ingest:MaxEvents", "many", "'SessionReplay:Ingest:MaxEvents' has a value of another type; write a whole number")]
    [InlineData("Ingest:RecordAddress", "yes", "'SessionReplay:Ingest:RecordAddress' has a value of another type; write true or false")]
    [InlineData(
        "Tenants:0:WriteKeys:0:Recorder:SampleRate", "10%",
        "'SessionReplay:Tenants:0:WriteKeys:0:Recorder:SampleRate' has a value of another type; write a number, for instance 0.5")]
    [InlineData(
        "Queue:Sqlite:LeaseTime", "half a minute",
        "'SessionReplay:Queue:Sqlite:LeaseTime' has a value of another type; write a duration as hh:mm:ss")]
    [InlineData(
        "Crypto:KeyCacheTime", "1m", "'SessionReplay:Crypto:KeyCacheTime' has a value of another type; write a duration as hh:mm:ss")]
    public async Task Start_ValueOfAnotherType_SaysWhatToWrite(string path, string value, string expected)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync((path, value)));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DurationWithoutColons_SaysThatItMeansDays()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(("Ingest:ReadTimeout", "30")));
        Assert.Contains("'SessionReplay:Ingest:ReadTimeout' must be", error.Message, StringComparison.Ordinal);
        Assert.Contains("30 alone means 30 days", error.Message, StringComparison.Ordinal);
    }

    private Task<List<string>> StartAsync(params (string Path, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <returns>The warnings about settings.</returns>
    private async Task<List<string>> StartAsync(Action<ISessionReplayBuilder> add, params (string Path, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullPath });
        var logger = Substitute.For<ILogger>();
        logger.IsEnabled(LogLevel.Warning).Returns(true);
        var provider = Substitute.For<ILoggerProvider>();
        provider.CreateLogger(typeof(StartupCheck).FullName!).Returns(logger);
        provider.CreateLogger(typeof(AdapterCheck).FullName!).Returns(logger);
        builder.Logging.ClearProviders().AddProvider(provider);
        builder.Configuration.AddInMemoryCollection(
            new[] { ("Tenants:0:Id", "app"), ("Tenants:0:WriteKeys:0:Key", "wk_12345678") }.Concat(settings)
                .Select(setting => KeyValuePair.Create($"SessionReplay:{setting.Item1}", (string?)setting.Item2)));
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        add(builder.Services.AddSessionReplay(builder.Configuration));
        await using var app = builder.Build();
        await app.StartAsync();
        await app.StopAsync();
        return [.. logger.ReceivedCalls().Where(call => call.GetMethodInfo().Name == "Log")
            .Select(call => call.GetArguments()[2]!.ToString()!)];
    }
}
