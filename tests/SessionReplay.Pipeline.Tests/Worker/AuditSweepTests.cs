using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;
using SessionReplay.Pipeline.Tests.Lifecycle;
using SessionReplay.Pipeline.Worker;

namespace SessionReplay.Pipeline.Tests.Worker;

public sealed class AuditSweepTests
{
    [Fact]
    public async Task Run_RowsPastTheirAge_AreRemovedAndTheRestIsStillWhole()
    {
        await using var host = await FullHost.StartAsync(configure: options => options.Worker.AuditRetention = TimeSpan.FromDays(60));
        var log = host.Services.GetRequiredService<IAuditLog>();
        for (var day = -2; day <= 2; day++)
        {
            await log.AppendAsync(
                new() { At = TimeProvider.System.GetUtcNow().AddDays(day), Actor = "a", Action = $"day {day}", Allowed = true }, default);
        }

        var noted = (await log.ListAsync(null, null, 10, default)).Skip(3).ToList();
        Assert.Equal(0, await Sweeps.RunAsync<AuditSweep>(host.Services, days: 57));
        Assert.Equal(3, await Sweeps.RunAsync<AuditSweep>(host.Services, days: 60));
        Assert.Equal(0, await Sweeps.RunAsync<AuditSweep>(host.Services, days: 60));

        var rows = await log.ListAsync(null, null, 10, default);
        Assert.Equal([6L, 5, 4], rows.Select(row => row.Number));
        Assert.Equal(AuditMark.Action, rows[0].Entry.Action);
        Assert.Equal((0, "The audit log is whole."), await VerifyAsync(host));
        var (exitCode, output) = await VerifyAsync(host, $"{noted[0].Number}", Convert.ToHexString(noted[0].Hash.Span));
        Assert.Equal(
            (1, "Row 2 was removed because of its age: the log begins behind row 3. Give a row that was noted later."), (exitCode, output));
        Assert.Equal(0, (await VerifyAsync(host, $"{rows[2].Number}", Convert.ToHexString(rows[2].Hash.Span))).ExitCode);
    }

    private static async Task<(int ExitCode, string Output)> VerifyAsync(FullHost host, params string[] noted)
    {
        var (exitCode, output) = await host.CommandAsync(["verify-audit", .. noted]);
        return (exitCode, output.Split(Environment.NewLine)[0]);
    }
}
