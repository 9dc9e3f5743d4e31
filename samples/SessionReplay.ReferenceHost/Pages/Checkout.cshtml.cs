using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionReplay.ReferenceHost.Shop;

namespace SessionReplay.ReferenceHost.Pages;

public sealed class CheckoutModel(Cart cart) : PageModel
{
    [BindProperty]
    public Form Input { get; set; } = new();

    public void OnGet() => Input.Email = User.FindFirst("email")?.Value ?? string.Empty;

    public IActionResult OnPost()
    {
        if (cart.Count == 0)
        {
            ModelState.AddModelError(string.Empty, "Your cart is empty.");
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        // The card goes nowhere: the sample takes no money.
        var number = Random.Shared.Next(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);
        TempData["Email"] = Input.Email;
        TempData["Total"] = cart.Total.ToString("0.00", CultureInfo.InvariantCulture);
        cart.Clear();
        return Redirect($"/order/{number}");
    }

    public sealed class Form
    {
        [Required, EmailAddress]
        public string Email { get; set; } = string.Empty;

        [Required]
        public string Name { get; set; } = string.Empty;

        [Required]
        public string Street { get; set; } = string.Empty;

        [Required]
        public string Postcode { get; set; } = string.Empty;

        [Required]
        public string Town { get; set; } = string.Empty;

        public string? Note { get; set; }

        [Required, CreditCard]
        public string Card { get; set; } = string.Empty;

        [Required]
        public string Expiry { get; set; } = string.Empty;

        [Required]
        public string Code { get; set; } = string.Empty;

        public string? Password { get; set; }
    }
}
