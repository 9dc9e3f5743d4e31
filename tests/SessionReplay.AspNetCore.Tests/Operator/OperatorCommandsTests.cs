using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Operator;
using SessionReplay.Audit;
using SessionReplay.Keys;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Tests.Operator;

public sealed class OperatorCommandsTests : IAsyncLifetime
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private FullHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync();
        await _host.RecordAsync(_session, BatchSamples.Create(_session, _window));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task RotateKeys_Twice_WrapsAllKeysAndRecordingsStillPlay()
    {
        await _host.SweepAsync();
        var blob = Assert.Single(_host.Blobs());
        var before = await File.ReadAllBytesAsync(Path.Combine(_host.DataFolder, "blobs", blob));

        Assert.Equal((0, "Wrapped 2 keys again."), await RunAsync("rotate-keys"));
        Assert.Equal((0, "Wrapped 2 keys again."), await RunAsync("rotate-keys"));

        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(_host.DataFolder, "blobs", blob)));
        Assert.Equal(BatchSamples.Create(_session, _window), await _host.ChunkAsync(_session, _window, 0));
    }

    [Fact]
    public async Task ApplyRetention_Tenant_ShowsWhatIsDueAndDestroysItWhenConfirmed()
    {
        Assert.Equal((1, "There is no tenant 'nobody' in SessionReplay:Tenants."), await RunAsync("apply-retention", "nobody"));
        var (exitCode, output) = await RunAsync("apply-retention", "shop");
        Assert.Equal(0, exitCode);
        Assert.Contains("0 of 1 sessions of 'shop' are older than 30 days.", output, StringComparison.Ordinal);
        Assert.Contains("--confirm", output, StringComparison.Ordinal);
        Assert.Contains(
            "The keys of 0 sessions are destroyed", (await RunAsync("apply-retention", "shop", "--confirm")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotateKeys_OneIsDamaged_WrapsTheOthersNamesItAndFails()
    {
        var keys = _host.Services.GetRequiredService<IKeyRotationStore>();
        var damaged = (await keys.ListNotWrappedByAsync("none", null, 10, default))
            .Single(key => key.Id == DataKeyId.OfSession(new(new("shop"), _session)));
        var bytes = damaged.Key.Ciphertext.ToArray();
        bytes[^1] ^= 1;
        Assert.True(await keys.TryReplaceAsync(damaged, damaged.Key with { Ciphertext = bytes }, default));

        var (exitCode, output) = await RunAsync("rotate-keys");

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                "Wrapped 1 keys again.",
                $"Not wrapped again: shop/Session/{_session}. The wrapped key shop/Session/{_session} is not authentic (rule K3).",
                $"Keep the key-encryption keys {damaged.Key.KeyEncryptionKeyId}: 1 keys are still wrapped with them.",
            ],
            output.Split(Environment.NewLine));
        Assert.Equal((1, output.Replace("Wrapped 1", "Wrapped 0", StringComparison.Ordinal)), await RunAsync("rewrap-keys"));
    }

    [Fact]
    public async Task VerifyAudit_RowThatCannotBeRead_NamesItAndSaysWhatIsWrong()
    {
        await _host.Services.GetRequiredService<IAuditLog>()
            .AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(_host.DataFolder, "audit.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TRIGGER audit_no_update; UPDATE audit SET tenant = 'Not a tenant' WHERE number = 1";
        await command.ExecuteNonQueryAsync();

        Assert.Equal((1, "The audit log is broken at row 1. The column 'tenant' of row 1 cannot be read."), await RunAsync("verify-audit"));
    }

    [Theory]
    [InlineData(0, "Wrapped 0 keys again.", "rewrap-keys")]
    [InlineData(0, "The blob store needs no set-up.", "set-up-storage")]
    [InlineData(0, "0 ready, 0 in flight, 0 dead letters, oldest none", "queue")]
    [InlineData(0, "", "dead-letters")]
    [InlineData(0, "Put 0 messages back.", "redrive-dead-letters")]
    [InlineData(0, "Would remove 0 messages. To do it, add --confirm. It cannot be undone.", "discard-dead-letters")]
    public async Task Command_NothingSpecial_SaysSo(int exitCode, string output, string command) =>
        Assert.Equal((exitCode, output), await RunAsync(command));

    [Fact]
    public async Task VerifyAudit_RowNotedEarlier_TellsWhetherItIsStillThere()
    {
        await _host.Services.GetRequiredService<IAuditLog>()
            .AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);
        var (exitCode, output) = await RunAsync("verify-audit");
        var (number, hash) =
            Regex.Match(output, "^The audit log is whole.\\s+Last row: ([0-9]+) ([0-9a-f]{64})$").Groups is [_, var first, var second]
            ? (first.Value, second.Value)
            : throw new InvalidOperationException(output);

        Assert.Equal(0, exitCode);
        Assert.Equal(0, (await RunAsync("verify-audit", number, hash)).ExitCode);
        Assert.Equal(1, (await RunAsync("verify-audit", number, new string('0', 64))).ExitCode);
        Assert.Equal(
            (1, "The audit log has no row 1000000 with that hash: it was cut off or written again."),
            await RunAsync("verify-audit", "1000000", hash));
        Assert.Equal(2, (await RunAsync("verify-audit", "x", hash)).ExitCode);
    }

    [Fact]
    public async Task DeadLetters_One_IsListedPutBackAndDiscarded()
    {
        await _host.Services.GetRequiredService<IMessageQueue>().PublishAsync(new("bad", "x", new byte[500]), default);
        await FullHost.WaitAsync(
            async () => (await RunAsync("dead-letters")).Output.Contains("bad 500 bytes", StringComparison.Ordinal), "the dead letter");

        Assert.Equal((0, "Put 1 messages back."), await RunAsync("redrive-dead-letters"));
        await FullHost.WaitAsync(
            async () => (await RunAsync("dead-letters")).Output.Contains("bad 500 bytes", StringComparison.Ordinal), "the dead letter");

        Assert.StartsWith("Would remove 1 messages.", (await RunAsync("discard-dead-letters")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "Removed 1 messages."), await RunAsync("discard-dead-letters", "--confirm"));
        Assert.Equal((0, ""), await RunAsync("dead-letters"));
    }

    [Fact]
    public async Task Command_Unknown_ListsTheCommands()
    {
        var (exitCode, output) = await RunAsync("nonsense");

        Assert.Equal(2, exitCode);
        Assert.Contains("session-replay rotate-keys", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        var exitCode = await ActivatorUtilities.CreateInstance<OperatorCommands>(_host.Services).RunAsync(args, output, default);
        return (exitCode, output.ToString().TrimEnd());
    }
}
