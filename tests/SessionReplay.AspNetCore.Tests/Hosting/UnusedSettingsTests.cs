using Microsoft.Extensions.Configuration;

namespace SessionReplay.AspNetCore.Tests.Hosting;

public sealed class UnusedSettingsTests
{
    [Fact]
    public void Find_EveryKnownSetting_Nothing()
    {
        var names = typeof(SessionReplayOptions).GetProperties().Select(property => property.Name).Concat(Parts.All).Append("Crypto");
        Assert.Empty(Find([.. names.Select(name => ($"{name}:Provider", "Sqlite")), ("queue:Sqlite:Path", "q.db"), ("Queue:RabbitMQ:QueueName", "q")]));
    }

    [Fact]
    public void Find_NoConfiguration_Nothing() => Assert.Empty(new UnusedSettings(null).Find());

    [Fact]
    public void Find_MisspeltName_TellsTheKnownOnes()
    {
        var setting = Assert.Single(Find(("Queues:Provider", "RabbitMQ"), ("roles", "All")));
        Assert.StartsWith("'SessionReplay:Queues' is no setting of session replay and changes nothing. Known are: Queue, Storage, ", setting, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_AdapterWithoutProvider_TellsWhatIsChosen() => Assert.Equal(
        ["'SessionReplay:Queue:RabbitMQ' is set and 'SessionReplay:Queue:Provider' is not: the configuration chooses Sqlite, not RabbitMQ."],
        Find(("Queue:RabbitMQ:QueueName", "q"), ("Queue:Sqlite:Path", "q.db"), ("Storage:Provider", "Local"), ("Storage:S3:Bucket", "replay")));

    private static List<string> Find(params (string Path, string Value)[] settings) =>
    [
        .. new UnusedSettings(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"SessionReplay:{setting.Path}", (string?)setting.Value)))
                .Build()
                .GetSection("SessionReplay")).Find(),
    ];
}
