using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SessionReplay.ReferenceHost.Pages;

public sealed class LoginModel : PageModel
{
    public async Task<IActionResult> OnPostAsync(string name, string? email)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 60)
        {
            return Page();
        }

        var claims = new List<Claim> { new(ClaimTypes.Name, name.Trim()) };
        if (!string.IsNullOrWhiteSpace(email))
        {
            claims.Add(new Claim("email", email.Trim()));
        }

        await HttpContext.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme)));
        return Redirect("/");
    }
}
