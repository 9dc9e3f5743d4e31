using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlDatabaseTests(PostgreSqlFixture fixture)
{
    [SkippableFact]
    public async Task Metrics_OfTheClient_NameThePoolByItsSchemaAndNotByTheConnectionString()
    {
        var schema = PostgreSqlFixture.NewSchema();
        var labels = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Npgsql")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(tags));
        listener.Start();
        await using var database = new PostgreSqlDatabase(
            new PostgreSqlCatalogOptions { ConnectionString = $"{fixture.Server.ConnectionString};Password=secret-1;Persist Security Info=true", Schema = schema },
            null, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException(message, e), NullLogger.Instance);

        await database.QueryAsync("SELECT 1", static row => row.GetInt32(0), [], default);
        listener.RecordObservableInstruments();

        Assert.Contains($"session-replay {schema}", labels.Keys);
        Assert.DoesNotContain(labels.Keys, label => label.Contains("secret-1", StringComparison.Ordinal));

        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                labels[tag.Value?.ToString() ?? string.Empty] = 0;
            }
        }
    }

    /// <summary>A value is at fault, not the server: whoever waits for the server to come back would wait for ever.</summary>
    [SkippableFact]
    public async Task Query_ValueThatTheServerCannotTake_IsNoOutage()
    {
        await using var database = PostgreSqlFixture.Open(fixture.Server, PostgreSqlFixture.NewSchema());

        var e = await Assert.ThrowsAsync<ArgumentException>(async () => await database.QueryAsync("SELECT 'secret-1'::integer", static row => row.GetInt32(0), [], default));

        Assert.Contains("22P02", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", e.Message, StringComparison.Ordinal);
    }
}
