using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>Copies of what was damaged or tampered with.</summary>
public sealed class CopyDamagedTests(CopyPeers peers) : CopySuite(peers)
{
    [SkippableTheory]
    [InlineData("UPDATE chunks SET length = length + 1", false)]
    [InlineData("UPDATE chunks SET digest = zeroblob(12)", false)]
    [InlineData("UPDATE chunks SET facts = zeroblob(100)", false)]
    [InlineData("UPDATE chunks SET blob_key = 'shop/elsewhere', held_at = NULL", false)]
    [InlineData("UPDATE chunk_bodies SET body = zeroblob(length(body))", false)]
    [InlineData("UPDATE chunk_bodies SET body = x''", false)]
    [InlineData("DELETE FROM chunk_bodies", false)]
    [InlineData("UPDATE sessions SET started_at = -5", false)]
    [InlineData("UPDATE chunks SET length = length + 1", true)]
    [InlineData("UPDATE chunks SET offset = offset + 1", true)]
    [InlineData("UPDATE chunks SET offset = -1", true)]
    [InlineData("UPDATE chunks SET blob_key = 'shop/elsewhere'", true)]
    [InlineData("UPDATE chunks SET digest = zeroblob(12)", true)]
    [InlineData(null, true)]
    public async Task Copy_SourceTamperedWith_NamesTheSessionAndCopiesOthers(string? sql, bool compacted)
    {
        var bad = await RecordAsync(Host, 1);
        if (compacted)
        {
            await Host.SweepAsync();
        }

        if (sql is null)
        {
            Flip(Path.Combine(Host.DataFolder, "blobs", Assert.Single(Host.Blobs())));
        }
        else
        {
            Execute("catalog.db", sql);
        }

        var good = await RecordAsync(Host, 1);
        var real = Peers.Real();

        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Not copied: the session shop/{bad.Session}. ", output, StringComparison.Ordinal);
        Assert.Contains("Copied 1 sessions (1 chunks", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, good);
        Assert.Equal(1, (await CopyAsync(Host, real)).ExitCode);
    }

    [SkippableFact]
    public async Task Copy_VerifyAfterTheTargetWasTamperedWith_WritesItAgain()
    {
        var session = await RecordAsync(Host, 2);
        await AddAssetAsync(Host, Css);
        await Host.SweepAsync();
        var real = Peers.Real();
        await CopyAsync(Host, real);
        var files = Peers.Files(real);
        Assert.Equal(2, files.Count);
        Flip(files[0]);
        Flip(files[1]);

        Assert.Equal(0, (await CopyAsync(Host, real)).ExitCode);
        var (exitCode, output) = await CopyAsync(Host, real, "--verify");
        Assert.True(exitCode == 0, output);
        Assert.Contains("2 objects of the target were written again.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("written again", (await CopyAsync(Host, real, "--verify")).Output, StringComparison.OrdinalIgnoreCase);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, session);
    }

    [SkippableFact]
    public async Task Copy_AuditLogTamperedWith_SaysWhereItIsBroken()
    {
        await RecordAsync(Host, 1);
        Execute("audit.db", "DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'somebody else' WHERE number = 1");

        var (exitCode, output) = await CopyAsync(Host, Peers.Real());

        Assert.Equal(1, exitCode);
        Assert.Contains("Not copied: the audit log from row 1 on. It is broken at row 1.", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Copy_KeyIsDamaged_NamesItOnceAndCopiesOthers()
    {
        var (bad, good) = (await RecordAsync(Host, 1), await RecordAsync(Host, 1));
        var keys = Host.Services.GetRequiredService<IKeyRotationStore>();
        var damaged = (await keys.ListNotWrappedByAsync("", null, 10, default)).Single(key => key.Id.Id == bad.Session.Value);
        var bytes = damaged.Key.Ciphertext.ToArray();
        bytes[^1] ^= 1;
        Assert.True(await keys.TryReplaceAsync(damaged, damaged.Key with { Ciphertext = bytes }, default));
        var real = Peers.Real();

        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Not copied: the key shop/Session/{bad.Session}. The wrapped key", output, StringComparison.Ordinal);
        Assert.Contains("Copied 1 sessions (1 chunks", output, StringComparison.Ordinal);
        Assert.Contains("1 were not copied;", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, good);
    }

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Host.DataFolder, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
