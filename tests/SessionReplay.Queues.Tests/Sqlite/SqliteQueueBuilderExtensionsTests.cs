using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Tests;

public sealed class SqliteQueueBuilderExtensionsTests
{
    [Fact]
    public async Task Configure_Section_BindsTheOptions()
    {
        var declared = typeof(SqliteQueueOptions).Assembly.GetCustomAttributes(typeof(SessionReplayAdapterAttribute), false)
            .Cast<SessionReplayAdapterAttribute>().Single();
        Assert.Equal((AdapterKind.Queue, "Sqlite"), (declared.Kind, declared.Name));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Q:Path"] = "/data/q.db", ["Q:LeaseTime"] = "00:00:45", ["Q:MaxQueueBytes"] = "2097152" })
            .Build();
        var builder = new TestBuilder();

        ((ISessionReplayAdapter)Activator.CreateInstance(declared.AdapterType)!).Configure(builder, configuration.GetSection("Q"));

        await using var provider = builder.Services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value;
        Assert.Equal(("/data/q.db", TimeSpan.FromSeconds(45), 2097152L), (options.Path, options.LeaseTime, options.MaxQueueBytes));
    }

    [Theory]
    [InlineData("Path", "")]
    [InlineData("LeaseTime", "00:00:00.5")]
    [InlineData("MaxAttempts", "0")]
    [InlineData("MaxQueueBytes", "1000")]
    [InlineData("PollInterval", "00:02:00")]
    public async Task Options_OutOfRange_AreRefused(string name, string value)
    {
        var builder = new TestBuilder();
        builder.AddSqliteQueue();
        builder.Services.AddOptions<SqliteQueueOptions>().Bind(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build());
        await using var provider = builder.Services.BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value);

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }
}
