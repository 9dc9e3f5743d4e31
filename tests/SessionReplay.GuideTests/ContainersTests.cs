using System.Text.RegularExpressions;
using SessionReplay.PackageTests;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

public sealed partial class ContainersTests
{
    /// <summary>The user of Microsoft's images.</summary>
    private const int User = 1654;

    [SkippableFact]
    public async Task Guide_Followed_RunsWithoutRightsOnAReadOnlyFileSystemAndKeepsItsSessions()
    {
        Skip.IfNot(Environment.UserName == "root", "Only root can make the namespace that stands for a container.");
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("signed-in-users", "shop"), ("containers", "shop"));
        var dockerfile = Guide.Named("containers").FileOf("shop", "Dockerfile");
        var published = app.Beside("app");
        var publish = Publish().Match(dockerfile).Groups["command"].Value;
        await app.RunAsync(publish.Replace("-o /app", $"-o '{published}'", StringComparison.Ordinal));
        var container = await WriteContainerAsync(app, published, Variables().Matches(dockerfile).Select(static match => match.Value));

        await using (var running = await StartAsync(container))
        {
            await using (var visitor = await Visitor.ComeAsync(running.Url))
            {
                await visitor.OpenAsync("/Privacy");
                await visitor.OpenAsync("/");
                await visitor.LeaveAsync();
                Assert.Empty(visitor.Complaints);
            }

            await PlayAsync(running);
            Assert.Equal(0, await running.StopAsync());
        }

        await using var restarted = await StartAsync(container);
        await PlayAsync(restarted);
        var mode = await Command.RunAsync(published, "stat", "-c", "%u %a", Path.Combine(app.Beside("keys"), "key-ring.json"));
        Assert.Equal($"{User} 600", mode.Trim());
        Assert.True(File.Exists(Path.Combine(app.Beside("data"), "catalog.db")));
        Assert.False(Directory.Exists(Path.Combine(app.Beside("data"), "keys")));
    }

    private static async Task PlayAsync(RunningApp running)
    {
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await SignedInUsersTests.SignInAsync(viewer, "Sam", "support", "/session-replay");
        await viewer.PlayAsync("/session-replay?event=left", "Privacy");
        Assert.Empty(viewer.Complaints);
    }

    private static Task<RunningApp> StartAsync(string container) => RunningApp.StartAsync(
        ["unshare", "--mount", "--propagation", "private", "bash", "-e", container],
        Path.GetTempPath(),
        FreePort.Next(),
        ("ASPNETCORE_ENVIRONMENT", "Production"));

    /// <summary>
    /// Writes a script that can write only where the container could: to the two volumes and an empty /tmp. All else is read-only.
    /// </summary>
    private static async Task<string> WriteContainerAsync(GuideApp app, string published, IEnumerable<string> variables)
    {
        var (data, keys) = (app.Beside("data"), app.Beside("keys"));
        await Command.RunAsync(published, "install", "-d", "-m", "700", "-o", $"{User}", "-g", $"{User}", data, keys);
        var environment = string.Join(' ', variables.Select(static variable => variable.Replace("=/", "=/mnt/", StringComparison.Ordinal)));
        Assert.Contains("SessionReplay__DataDirectory=/mnt/data", environment, StringComparison.Ordinal);
        var script = app.Beside("container.sh");
        await File.WriteAllTextAsync(
            script,
            $"""
            mount -t tmpfs tmpfs /mnt
            mkdir /mnt/app /mnt/data /mnt/keys
            mount --bind '{published}' /mnt/app
            mount --bind '{data}' /mnt/data
            mount --bind '{keys}' /mnt/keys
            mount -t tmpfs -o mode=1777 tmpfs /tmp
            mount -o remount,bind,ro /mnt/app
            mount -o remount,bind,ro /
            cd /mnt/app
            exec setpriv --reuid={User} --regid={User} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
              env HOME=/nowhere {environment} dotnet Shop.dll
            """);
        return script;
    }

    [GeneratedRegex("^RUN (?<command>dotnet publish .+)$", RegexOptions.Multiline)]
    private static partial Regex Publish();

    [GeneratedRegex(@"(?<=^ENV |^ {4})[A-Za-z_]+=[^\s\\]+", RegexOptions.Multiline)]
    private static partial Regex Variables();
}
