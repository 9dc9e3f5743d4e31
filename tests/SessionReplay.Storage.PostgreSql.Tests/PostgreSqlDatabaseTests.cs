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
            new PostgreSqlCatalogOptions { ConnectionString =
                $"{fixture.Server.ConnectionString};Password=secret-1;Persist Security Info=true", Schema = schema },
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

    public static TheoryData<string, bool> States => new()
    {
        { "08006", true }, { "25006", true }, { "28P01", true }, { "3D000", true }, { "40001", true }, { "40P01", true }, { "42501", true },
        { "42P01", true },
        { "53100", true }, { "53200", true }, { "53300", true }, { "55P03", true }, { "55006", true }, { "57014", true }, { "57P01", true },
        { "57P03", true }, { "58030", true },
        { "22001", false }, { "22003", false }, { "22021", false }, { "22P02", false }, { "22P05", false }, { "23502", false },
        { "23505", false }, { "23514", false },
        { "54000", false }, { "54001", false }, { "54011", false }, { "21000", false }, { "P0001", false }, { "XX000", false },
        { "XX002", false }, { "0A000", false },
    };

    /// <summary>Raised by a real server. Whoever takes a refusal for an outage tries the same value for ever.</summary>
    [SkippableTheory]
    [MemberData(nameof(States))]
    public async Task Query_ErrorOfTheServer_IsAnOutageOnlyWhereTheValueIsNotAtFault(string state, bool isOutage)
    {
        await using var database = PostgreSqlFixture.Open(fixture.Server, PostgreSqlFixture.NewSchema());

        var e = await Assert.ThrowsAnyAsync<Exception>(async () => await database.QueryAsync(
            $"DO $$ BEGIN RAISE EXCEPTION 'secret-1' USING ERRCODE = '{state}'; END $$", static row => row.GetInt32(0), [], default));

        Assert.Equal(isOutage ? typeof(CatalogUnavailableException) : typeof(ValueRefusedException), e.GetType());
        if (!isOutage)
        {
            Assert.Contains(state, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-1", e.ToString(), StringComparison.Ordinal);
        }
    }
}
