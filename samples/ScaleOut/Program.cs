using SessionReplay.AspNetCore;
using SessionReplay.ScaleOut;
using SessionReplay.ScaleOut.Login;
using SessionReplay.ScaleOut.Observation;

// One image for every role; the configuration alone says what a process does and what it stands on. README.md has the settings.
// The settings beside the program belong to it, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.Services.AddSessionReplay(builder.Configuration);
builder.Services.AddConfiguredUsers(builder.Configuration);
builder.Services.AddObservation();

var app = builder.Build();

// An operator's command instead of the server: session-replay set-up-storage
if (await app.RunSessionReplayCommandAsync(args) is { } exitCode)
{
    return exitCode;
}

app.UseObservation();
app.UseAuthentication();
app.UseAuthorization();
app.MapSessionReplay();

var roles = app.Configuration.GetValue("SessionReplay:Roles", SessionReplayRoles.All);
if (roles.HasFlag(SessionReplayRoles.Ingest))
{
    app.MapDemoPage();
}

if (roles.HasFlag(SessionReplayRoles.Playback))
{
    app.MapSessionReplayConsole().AskForUser(app.Configuration);
}

await app.RunAsync();
return 0;
